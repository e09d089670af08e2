using ActorVmm.Journal.Bytes;

namespace ActorVmm.Journal.Events;

/// <summary>How one actor stood at a checkpoint.</summary>
/// <param name="Actor">Its id in this run.</param>
/// <param name="Turns">Turns it had begun.</param>
/// <param name="Hash">Of its identity, its inputs so far and its state.</param>
public readonly record struct ActorCheck(ActorId Actor, long Turns, ulong Hash);

/// <summary>What the machine was after a delivery; replay compares.</summary>
public sealed class Checkpoint : JournalEvent
{
    public const string Word = "checkpoint/1";

    public override string Manifest => Word;

    /// <summary>After which delivery.</summary>
    public long Delivery { get; init; }

    public override long LastDelivery => Delivery;

    public Ticks Now { get; init; }

    public Fingerprint Fingerprint { get; init; }

    /// <summary>Turns whose births and stops had not taken place yet.</summary>
    public IReadOnlyList<long> UnderWay { get; init; } = [];

    /// <summary>Actors that were on their way to the core where they begin their life; those of turns that were under way apart.</summary>
    public IReadOnlyList<ActorId> OnTheirWay { get; init; } = [];

    /// <summary>Every actor there was, by id; empty where only the whole was summarised.</summary>
    public IReadOnlyList<ActorCheck> Actors { get; init; } = [];

    public override void Encode(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Number(Delivery);
        into.Number(Now.Value);
        into.Fixed(Fingerprint);
        EncodeTurns(into, UnderWay);
        EncodeIds(into, OnTheirWay);
        into.Number(Actors.Count);
        int last = 0;
        foreach ((ActorId actor, long turns, ulong hash) in Actors)
        {
            into.Number(actor.Value - last);
            into.Number(turns);
            into.Fixed(hash);
            last = actor.Value;
        }
    }

    internal static Checkpoint Decode(ref ByteReader from)
    {
        (long delivery, long now, Fingerprint fingerprint) = (from.Long(), from.Long(), from.Fingerprint());
        long[] underWay = DecodeTurns(ref from);
        ActorId[] onTheirWay = DecodeIds(ref from);
        var actors = new ActorCheck[from.Count(80)];
        int last = 0;
        for (int i = 0; i < actors.Length; i++)
        {
            last = Sum(last, from.Int());
            actors[i] = new ActorCheck(new ActorId(last), from.Long(), from.Fixed());
        }

        return new Checkpoint { Delivery = delivery, Now = new Ticks(now), Fingerprint = fingerprint, UnderWay = underWay, OnTheirWay = onTheirWay, Actors = actors };
    }

    internal static void EncodeTurns(ByteWriter into, IReadOnlyList<long> turns)
    {
        into.Number(turns.Count);
        foreach (long turn in turns)
        {
            into.Number(turn);
        }
    }

    internal static long[] DecodeTurns(ref ByteReader from)
    {
        long[] turns = new long[from.Count()];
        for (int i = 0; i < turns.Length; i++)
        {
            turns[i] = from.Long();
        }

        return turns;
    }

    internal static void EncodeIds(ByteWriter into, IReadOnlyList<ActorId> ids)
    {
        into.Number(ids.Count);
        foreach (ActorId id in ids)
        {
            into.Number(id.Value);
        }
    }

    internal static ActorId[] DecodeIds(ref ByteReader from)
    {
        var ids = new ActorId[from.Count()];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = new ActorId(from.Int());
        }

        return ids;
    }

    internal static int Sum(int last, int step) =>
        step <= int.MaxValue - last ? last + step : throw new FormatException("an actor's id beyond 31 bits");
}
