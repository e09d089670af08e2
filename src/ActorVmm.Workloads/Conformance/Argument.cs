using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Workloads.Conformance;

/// <summary>An argument of a step as it was read: its form is known to be right, its symbols are not looked at yet.</summary>
public abstract record Argument;

/// <summary>A number.</summary>
public sealed record NumberArgument(Expression Value) : Argument;

/// <summary>Bits; null for a NULL pointer to them.</summary>
public sealed record FlagsArgument(ulong? Bits) : Argument;

/// <summary>What a file handle may do.</summary>
public sealed record FileAccessArgument(FileAccessRights Rights) : Argument;

/// <summary>A handle; bound ones are expressions.</summary>
public sealed record HandleArgument(HandleKind Kind, Expression Bound) : Argument;

/// <summary>A process.</summary>
public sealed record ProcessArgument(ProcessHandle Process) : Argument;

/// <summary>True or false.</summary>
public sealed record BooleanArgument(bool Value) : Argument;

/// <summary>A word or a name.</summary>
public sealed record TextArgument(string Text) : Argument;

/// <summary>A symbol, with its dollar sign.</summary>
public sealed record SymbolArgument(string Symbol) : Argument;

/// <summary>The length of a buffer.</summary>
public sealed record BufferArgument(BufferLength Length) : Argument;

/// <summary>Extended parameters; null for a NULL array.</summary>
public sealed record ExtensionsArgument(IReadOnlyList<ExtensionText>? Array) : Argument;

/// <summary>An extended parameter.</summary>
/// <param name="Type">Its name.</param>
/// <param name="Numbers">Its numbers by name.</param>
public sealed record ExtensionText(string Type, IReadOnlyDictionary<string, Expression> Numbers);

/// <summary>Ranges of addresses; null for a NULL array.</summary>
public sealed record RangesArgument(IReadOnlyList<(Expression Base, Expression Size)>? Ranges) : Argument;

/// <summary>Sections of an executable.</summary>
public sealed record ImageSectionsArgument(IReadOnlyList<ImageSection> Sections) : Argument;
