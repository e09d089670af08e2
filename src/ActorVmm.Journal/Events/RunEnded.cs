using ActorVmm.Journal.Bytes;

namespace ActorVmm.Journal.Events;

/// <summary>The last row of a run that ended by itself or was stopped in order; a stream without it was cut off.</summary>
public sealed class RunEnded : JournalEvent
{
    public const string Word = "run-ended/1";

    public override string Manifest => Word;

    /// <summary>How it ended, in a word: finished, stuck, timeReached, interrupted, bugCheck.</summary>
    public string End { get; init; } = "";

    /// <summary>What the turn said that stopped the machine; "" where none did. The last delivery is then that turn's.</summary>
    public string Stop { get; init; } = "";

    public Ticks Now { get; init; }

    public Fingerprint Fingerprint { get; init; }

    /// <summary>Turns whose births and stops had not taken place.</summary>
    public IReadOnlyList<long> UnderWay { get; init; } = [];

    /// <summary>Actors that were on their way to the core where they begin their life; those of turns that were under way apart.</summary>
    public IReadOnlyList<ActorId> OnTheirWay { get; init; } = [];

    public HostStatistics Statistics { get; init; }

    public override long LastDelivery => Statistics.Turns;

    public override void Encode(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Text(End);
        into.Text(Stop);
        into.Number(Now.Value);
        into.Fixed(Fingerprint);
        Checkpoint.EncodeTurns(into, UnderWay);
        Checkpoint.EncodeIds(into, OnTheirWay);
        (long turns, long messages, long dropped, long outside, long timers, int created, int stopped) = Statistics;
        foreach (long count in (ReadOnlySpan<long>)[turns, messages, dropped, outside, timers, created, stopped])
        {
            into.Number(count);
        }
    }

    internal static RunEnded Decode(ref ByteReader from) => new()
    {
        End = from.Text(),
        Stop = from.Text(),
        Now = new Ticks(from.Long()),
        Fingerprint = from.Fingerprint(),
        UnderWay = Checkpoint.DecodeTurns(ref from),
        OnTheirWay = Checkpoint.DecodeIds(ref from),
        Statistics = new HostStatistics(from.Long(), from.Long(), from.Long(), from.Long(), from.Long(), from.Int(), from.Int()),
    };
}
