using System.Collections.Frozen;

namespace ActorVmm.Workloads.Conformance;

/// <summary>The operations that cases are made of, and what each takes.</summary>
public static class Vocabulary
{
    /// <summary>What any operation may have: where it acts, who acts, what it binds, and when it is left out.</summary>
    private const string Common = "process thread out remember only_if null_output buffer";

    private static readonly FrozenDictionary<string, FrozenSet<string>> _operations = Operations(
        ("reserve", "base size protect zero_bits type"),
        ("commit", "base size protect zero_bits type"),
        ("reserve+commit", "base size protect zero_bits type"),
        ("reset", "base size protect"),
        ("allocate", "base size protect type zero_bits ex ext ext_count app"),
        ("decommit", "base size"),
        ("release", "base size"),
        ("free", "base size type"),
        ("protect", "base size protect"),
        ("lock", "base size"),
        ("unlock", "base size"),
        ("query", "addr"),
        ("query-region", "addr"),
        ("query-image", "addr"),
        ("query-mapped-name", "addr"),
        ("query-ws", "addr"),
        ("query-vm-counters", "since"),
        ("empty-ws", ""),
        ("prefetch", "info_class ranges entry_count flags flags_size"),
        ("get-write-watch", "base size reset max_count flags"),
        ("reset-write-watch", "base size"),
        ("allocate-until-failure", "type size protect max_count"),
        ("release-all", ""),
        ("read", "addr width"),
        ("write", "addr value width"),
        ("execute", "addr"),
        ("probe-read", "addr size"),
        ("probe-write", "addr size"),
        ("read-process", "from to size"),
        ("write-process", "to from size"),
        ("create-file", "content size data access image_base section_alignment file_alignment sections"),
        ("file-read", "file offset width"),
        ("file-read-into", "file addr size"),
        ("file-write-from", "file addr size"),
        ("set-file-size", "file size"),
        ("set-delete-on-close", "file value"),
        ("overwrite-file", "file"),
        ("open-delete-on-close", "file"),
        ("create-section", "file size protect attributes access name"),
        ("open-section", "name access"),
        ("duplicate-handle", "handle access"),
        ("close", "handle"),
        ("query-section", "section info"),
        ("map-view", "section base zero_bits commit_size offset size inherit type protect access ex ext ext_count unchecked_alignment"),
        ("unmap-view", "base flags"),
        ("flush-view", "base size"),
        ("same-mapped-file", "first second"),
        ("map-mdl-user", "base size"),
        ("unmap-mdl-user", "base"),
        ("create-thread", "stack_commit stack_reserve"),
        ("create-user-stack", "commit reserve zero_bits commit_align reserve_align"),
        ("reserve-thread-stack", "reserve"),
        ("set-stack", "stack_base stack_limit dealloc"),
        ("stack-touch", "depth"),
        ("stack-touch-to", "addr"),
        ("stack-touch-to-overflow", ""),
        ("query-stack", ""),
        ("query-stack-guard", ""));

    private static readonly FrozenDictionary<string, ArgumentKind> _kinds = Kinds(
        (ArgumentKind.Flags, "protect type attributes access flags"),
        (ArgumentKind.Handle, "file section handle"),
        (ArgumentKind.Process, "process"),
        (ArgumentKind.Boolean, "ex app reset unchecked_alignment"),
        (ArgumentKind.Text, "name data content info inherit null_output"),
        (ArgumentKind.Symbol, "out remember since only_if"),
        (ArgumentKind.Buffer, "buffer"),
        (ArgumentKind.Extensions, "ext"),
        (ArgumentKind.Ranges, "ranges"),
        (ArgumentKind.ImageSections, "sections"));

    public static IReadOnlyCollection<string> OperationNames => _operations.Keys;

    /// <summary>The arguments of an operation, or null when there is no such operation.</summary>
    public static IReadOnlyCollection<string>? ArgumentsOf(string operation) => _operations.GetValueOrDefault(operation);

    /// <summary>How an argument is written.</summary>
    public static ArgumentKind KindOf(string operation, string argument) => (operation, argument) switch
    {
        ("create-file", "access") => ArgumentKind.FileAccess,
        ("set-delete-on-close", "value") => ArgumentKind.Boolean,
        _ => _kinds.GetValueOrDefault(argument, ArgumentKind.Number),
    };

    private static FrozenDictionary<string, FrozenSet<string>> Operations(params (string Name, string Arguments)[] rows) =>
        rows.ToFrozenDictionary(
            row => row.Name,
            row => (row.Arguments + " " + Common).Split(' ', StringSplitOptions.RemoveEmptyEntries).ToFrozenSet(StringComparer.Ordinal),
            StringComparer.Ordinal);

    private static FrozenDictionary<string, ArgumentKind> Kinds(params (ArgumentKind Kind, string Arguments)[] rows) =>
        rows.SelectMany(row => row.Arguments.Split(' ').Select(argument => KeyValuePair.Create(argument, row.Kind))).ToFrozenDictionary(StringComparer.Ordinal);
}

/// <summary>How an argument is written.</summary>
public enum ArgumentKind : byte
{
    /// <summary>A number, or an expression that comes to one; null for none.</summary>
    Number,

    Flags,
    FileAccess,
    Handle,
    Process,
    Boolean,
    Text,

    /// <summary>A symbol itself, not what it is bound to.</summary>
    Symbol,

    Buffer,
    Extensions,
    Ranges,
    ImageSections,
}
