using ActorVmm.Journal.Bytes;

namespace ActorVmm.Journal.Events;

/// <summary>The run was cut off, and went on from here in another process: what stands behind was recorded by that one.</summary>
public sealed class RunResumed : JournalEvent
{
    public const string Word = "run-resumed/1";

    public override string Manifest => Word;

    /// <summary>After which delivery.</summary>
    public long Delivery { get; init; }

    public override long LastDelivery => Delivery;

    /// <summary>The kernel that went on with it.</summary>
    public string KernelVersion { get; init; } = "";

    /// <summary>When, in UTC ticks of 100 ns since year 1.</summary>
    public long At { get; init; }

    public override void Encode(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Number(Delivery);
        into.Text(KernelVersion);
        into.Number(At);
    }

    internal static RunResumed Decode(ref ByteReader from) => new() { Delivery = from.Long(), KernelVersion = from.Text(), At = from.Long() };
}
