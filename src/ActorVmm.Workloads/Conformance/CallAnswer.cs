using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Conformance;

/// <summary>What came of a call.</summary>
public sealed record CallAnswer
{
    private CallAnswer(NtStatus status, string? unsupported)
    {
        Status = status;
        Unsupported = unsupported;
    }

    /// <summary>What the call returned, or the exception that reached the thread.</summary>
    public NtStatus Status { get; }

    /// <summary>What the machine would have to have to carry out the call; null when it was carried out.</summary>
    public string? Unsupported { get; }

    /// <summary>Outputs by name; of in/out parameters also what a failed call left in them.</summary>
    public IReadOnlyDictionary<string, Output> Outputs { get; init; } = new Dictionary<string, Output>(StringComparer.Ordinal);

    /// <summary>A promise that the machine has broken by now, in words; null when it keeps all.</summary>
    public string? Broken { get; init; }

    /// <summary>What the step's symbol is bound to: a base, a handle, a file, a thread, a snapshot.</summary>
    public ulong? Bound { get; init; }

    public static CallAnswer Of(NtStatus status, params IEnumerable<(string Name, Output Value)> outputs) =>
        new(status, unsupported: null) { Outputs = outputs.ToDictionary(output => output.Name, output => output.Value, StringComparer.Ordinal) };

    /// <summary>The machine cannot carry this out.</summary>
    /// <param name="needs">What it lacks, as a noun.</param>
    public static CallAnswer NotSupported(string needs) => new(NtStatus.Success, needs);
}

/// <summary>One output of a call: a number, a list of numbers, or a word.</summary>
/// <param name="Number">Its value; bits for flags, 0 and 1 for a truth value.</param>
/// <param name="List">Several numbers, in order.</param>
/// <param name="Word">A word.</param>
public sealed record Output(Int128 Number, IReadOnlyList<ulong>? List = null, string? Word = null)
{
    public static implicit operator Output(ulong number) => new((Int128)number);

    public static implicit operator Output(string word) => new(0, Word: word);

    public static Output FromUInt64(ulong number) => number;

    public static Output FromString(string word) => word;

    public static Output Of(IReadOnlyList<ulong> numbers) => new(0, numbers);
}
