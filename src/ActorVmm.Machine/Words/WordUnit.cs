using System.Globalization;
using System.Runtime.InteropServices;
using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Words;

/// <summary>What a field of a word is, and how it is written.</summary>
public sealed class WordUnit
{
    public static readonly WordUnit Flag = new("flag", 1);

    private static readonly Dictionary<string, WordUnit> _units = Create().ToDictionary(unit => unit.Name, StringComparer.Ordinal);

    private WordUnit(string name, int width, TextReader? text = null)
    {
        Name = name;
        Width = width;
        Text = text;
    }

    /// <summary>Says in words what some bytes are.</summary>
    public delegate string TextReader(ReadOnlySpan<byte> bytes, IActorNames names);

    public string Name { get; }

    /// <summary>Bytes.</summary>
    public int Width { get; }

    public bool Signed { get; private init; }

    public bool IsNumber { get; private init; }

    public TextReader? Text { get; }

    public static WordUnit Named(string name) =>
        _units.TryGetValue(name, out WordUnit? unit) ? unit : throw new ArgumentException($"there is no unit {name}", nameof(name));

    private static IEnumerable<WordUnit> Create() =>
    [
        Flag,
        Number("int", 4, signed: true), Number("uint", 4), Number("long", 8, signed: true), Number("ulong", 8),
        Number("ushort", 2), Number("byte", 1), Number("ticks", 8, signed: true), Number("generation", 2), Number("row", 4, signed: true),
        new("page", 8, (bytes, _) => Hex(MemoryMarshal.Read<ulong>(bytes))),
        new("address", 8, (bytes, _) => Hex(MemoryMarshal.Read<ulong>(bytes))),
        new("stamp", 8, (bytes, _) => Hex(MemoryMarshal.Read<ulong>(bytes))),
        new("frame", 4, (bytes, _) => FrameText(MemoryMarshal.Read<Pfn>(bytes))),
        new("slot", 8, (bytes, _) => MemoryMarshal.Read<PagingFileSlot>(bytes).ToString()),
        new("actor", 4, (bytes, names) => names.NameOf(MemoryMarshal.Read<ActorId>(bytes))),
        new("status", 4, (bytes, _) => WordNames.Of(MemoryMarshal.Read<NtStatus>(bytes))),
        new("protection", 4, (bytes, _) => WordNames.Of((PageProtection)MemoryMarshal.Read<uint>(bytes))),
        new("protection16", 2, (bytes, _) => WordNames.Of((PageProtection)MemoryMarshal.Read<ushort>(bytes))),
        new("region", 4, (bytes, _) => WordNames.Of(MemoryMarshal.Read<RegionState>(bytes))),
        new("frames", 32, (bytes, _) => FramesText(MemoryMarshal.Read<FrameBatch>(bytes))),
        new("operation", 16, (bytes, _) => OperationText(MemoryMarshal.Read<Operation>(bytes))),
        new("hex", 4, (bytes, _) => Hex(MemoryMarshal.Read<uint>(bytes))),
        new("service", 1, (bytes, _) => WordNames.Of((CallService)bytes[0])),
        new("handle", 1, (bytes, _) => WordNames.Of((HandleResolution)bytes[0])),
        new("access", 1, (bytes, _) => WordNames.Of((AccessKind)bytes[0])),
        new("major", 1, (bytes, _) => WordNames.Of((MajorFunction)bytes[0])),
        new("method", 1, (bytes, _) => WordNames.Of((BufferMethod)bytes[0])),
        new("fault", 1, (bytes, _) => WordNames.Of((FaultKind)bytes[0])),
        new("unmap", 1, (bytes, _) => WordNames.Of((UnmapCause)bytes[0])),
        new("location", 1, (bytes, _) => WordNames.Of((PageLocation)bytes[0])),
        new("writeback", 1, (bytes, _) => WordNames.Of((WriteBackResult)bytes[0])),
        new("softfault", 1, (bytes, _) => WordNames.Of((SoftFaultResult)bytes[0])),
        new("injection", 1, (bytes, _) => WordNames.Of((InjectionKind)bytes[0])),
        new("disturbance", 4, (bytes, _) => WordNames.Of(MemoryMarshal.Read<InjectionCode>(bytes))),
        new("commit", 4, (bytes, _) => WordNames.Of(MemoryMarshal.Read<CommitKind>(bytes))),
        new("commitCondition", 4, (bytes, _) => WordNames.Of(MemoryMarshal.Read<CommitCondition>(bytes))),
        new("pool", 4, (bytes, _) => WordNames.Of(MemoryMarshal.Read<PoolKind>(bytes))),
        new("memoryCondition", 4, (bytes, _) => WordNames.Of(MemoryMarshal.Read<MemoryCondition>(bytes))),
    ];

    private static WordUnit Number(string name, int width, bool signed = false) => new(name, width) { IsNumber = true, Signed = signed };

    private static string Hex(ulong value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static string FrameText(Pfn frame) => frame.IsNone ? "none" : Hex(frame.Value);

    private static string FramesText(FrameBatch frames) =>
        frames.Count == 0 ? "none" : string.Join(',', Enumerable.Range(0, frames.Count).Select(index => FrameText(frames[index])));

    private static string OperationText(Operation operation) =>
        FormattableString.Invariant($"{WordNames.Of(operation.Kind)}:{Hex(operation.Address)}:{operation.Argument}");
}
