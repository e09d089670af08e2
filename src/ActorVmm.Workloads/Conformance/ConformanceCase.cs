using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Conformance;

/// <summary>A case: facts of the form "given this state, this call gives this status and leaves this state".</summary>
public sealed record ConformanceCase
{
    public required string Id { get; init; }

    /// <summary>What it is about, for tables.</summary>
    public required string Area { get; init; }

    /// <summary>What it runs on, each in a run of its own, the case's own first.</summary>
    public required IReadOnlyList<Architecture> Architectures { get; init; }

    public required CallLevel Level { get; init; }

    public required bool KernelCaller { get; init; }

    /// <summary>The version to run it as.</summary>
    public required WindowsVersion Version { get; init; }

    public required bool DataExecutionPrevention { get; init; }

    /// <summary>The commit limit is lower than so many bytes; null for plenty.</summary>
    public required ulong? CommitLimitBelow { get; init; }

    /// <summary>Addresses that are unused at the start: from the first up to but not including the second.</summary>
    public required (ulong Start, ulong End)? FreeRange { get; init; }

    /// <summary>An explanation, or "".</summary>
    public required string Note { get; init; }

    public required IReadOnlyList<CaseStep> Steps { get; init; }

    /// <summary>Where it stands.</summary>
    public required Place Place { get; init; }

    public SessionPlan PlanFor(Architecture architecture) => new(architecture, Version, Level, KernelCaller)
    {
        DataExecutionPrevention = DataExecutionPrevention,
        CommitLimitBelow = CommitLimitBelow,
    };
}

/// <summary>One step.</summary>
/// <param name="Operation">Its name.</param>
/// <param name="Arguments">By name.</param>
/// <param name="Expected">What it must give.</param>
/// <param name="Place">Where it stands.</param>
public sealed record CaseStep(string Operation, IReadOnlyDictionary<string, Argument> Arguments, Expectations Expected, Place Place)
{
    /// <summary>The symbol in an argument that names one, or null.</summary>
    public string? SymbolOf(string argument) => Arguments.GetValueOrDefault(argument) is SymbolArgument symbol ? symbol.Symbol : null;
}

/// <summary>What a step must give.</summary>
/// <param name="Statuses">One of these, by Windows' names.</param>
/// <param name="Values">Outputs that must match.</param>
/// <param name="Alternatives">At least one of these must match as a whole; empty when nothing is asked.</param>
/// <param name="Errors">Win32 errors that do as well as the statuses; empty unless the statuses are derived from them.</param>
public sealed record Expectations(
    IReadOnlyList<string> Statuses,
    IReadOnlyList<ExpectedOutput> Values,
    IReadOnlyList<IReadOnlyList<ExpectedOutput>> Alternatives,
    IReadOnlyList<string> Errors);

/// <summary>An output, or a constraint on one, and what it must be.</summary>
public sealed record ExpectedOutput(string Name, ExpectedValue Value);

/// <summary>What an output must be.</summary>
/// <param name="Number">A number or flags, compared by value; null for the other two.</param>
/// <param name="List">Several numbers, in order.</param>
/// <param name="Word">A word.</param>
public sealed record ExpectedValue(Expression? Number, IReadOnlyList<Expression>? List = null, string? Word = null);
