namespace ActorVmm.Runtime;

/// <summary>
/// Where a turn lasts: a virtual processor, or a device that works beside them. It holds what the turn asked for until its
/// cost has passed.
/// </summary>
internal sealed class Lane(int processor, Outbox outbox)
{
    public const int Device = -1;

    /// <summary>Which virtual processor, from 0; <see cref="Device"/> beside them.</summary>
    public readonly int Processor = processor;

    public readonly Outbox Outbox = outbox;

    /// <summary>The number of the turn under way here, in the host's order.</summary>
    public long Turn;

    /// <summary>The kind of the message that the turn handled.</summary>
    public int Kind;

    public void Encode(StateCodec codec, Span<IActor?> actors)
    {
        codec.Field("turn", ref Turn);
        codec.Field("kind", ref Kind);
        Outbox.Encode(codec, actors);
    }
}
