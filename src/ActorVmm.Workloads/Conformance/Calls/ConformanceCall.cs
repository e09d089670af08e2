namespace ActorVmm.Workloads.Conformance.Calls;

/// <summary>A step of a case with every symbol replaced by what it is bound to. One record for each family of operations.</summary>
public abstract record ConformanceCall
{
    /// <summary>Where the call acts.</summary>
    public ProcessHandle Process { get; init; }

    /// <summary>The thread that calls or accesses; null is the initial one of the process.</summary>
    public ulong? Thread { get; init; }

    /// <summary>Which output pointers are NULL.</summary>
    public NullOutputs NullOutputs { get; init; }

    /// <summary>Length of the output buffer; null is the right one.</summary>
    public BufferLength? Buffer { get; init; }
}

/// <summary>A process, as a caller names it.</summary>
public enum ProcessHandle : byte
{
    /// <summary>The caller's own.</summary>
    Self,

    /// <summary>The second one.</summary>
    Other,

    /// <summary>The NULL handle.</summary>
    Null,

    /// <summary>A value that is no handle.</summary>
    Bad,

    /// <summary>All ones: the pseudo handle of the caller's own.</summary>
    MinusOne,
}

/// <summary>A handle of a section or a file.</summary>
/// <param name="Kind">Which form.</param>
/// <param name="Value">Of a bound one: the number that the session gave for it.</param>
public readonly record struct HandleValue(HandleKind Kind, ulong Value = 0);

/// <summary>Forms of handles.</summary>
public enum HandleKind : byte
{
    /// <summary>The NULL handle; for the file of a section: backed by paging files.</summary>
    Null,

    /// <summary>One that an earlier step was given.</summary>
    Bound,

    /// <summary>A value that is no handle.</summary>
    Bad,

    /// <summary>All ones: the pseudo handle of the current process.</summary>
    MinusOne,
}

/// <summary>Output pointers that are NULL.</summary>
public enum NullOutputs : byte
{
    None,

    /// <summary>Every pointer, those to base and size included.</summary>
    All,

    Buffer,
    OldProtect,
    Count,
    Granularity,
    Addresses,
}

/// <summary>Length of an output buffer.</summary>
/// <param name="Form">What it is relative to.</param>
/// <param name="Bytes">The length, or what is added to the one it is relative to.</param>
/// <param name="Member">For <see cref="BufferForm.UpTo"/>, the first member that is left out.</param>
public sealed record BufferLength(BufferForm Form, long Bytes, string Member = "");

/// <summary>What the length of a buffer is relative to.</summary>
public enum BufferForm : byte
{
    /// <summary>Nothing: so many bytes.</summary>
    Bytes,

    /// <summary>The right length.</summary>
    Size,

    /// <summary>The fixed part in front of a name.</summary>
    Header,

    /// <summary>The length of the structure up to but not including a member.</summary>
    UpTo,
}
