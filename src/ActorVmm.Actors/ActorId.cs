namespace ActorVmm.Actors;

/// <summary>
/// Where an actor is found: an index into the machine's array of actors. Ids belong to one run and are recorded with it;
/// what identifies an actor across runs and hosts is its <see cref="ActorIdentity"/>. Id 0 is the outside world:
/// start messages and external inputs come from there, and a message sent to it leaves the machine.
/// </summary>
public readonly record struct ActorId(int Value)
{
    public static readonly ActorId Outside;

    public bool IsOutside => Value == 0;

    public override string ToString() => Value == 0 ? "outside" : FormattableString.Invariant($"actor {Value}");
}

/// <summary>
/// Who an actor is, on every host and in every interleaving: its creator and the how-manieth child of that creator it is,
/// folded into 64 bits. Fingerprints and draws depend on this, never on <see cref="ActorId"/>.
/// </summary>
public readonly record struct ActorIdentity(ulong Value)
{
    /// <summary>The outside world, creator of the first actors.</summary>
    public static readonly ActorIdentity Outside;

    public ActorIdentity Child(int count) => new(Mix.Fold(Value, (ulong)(uint)count + 1));

    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Names a timer among those its actor has started; only that actor can cancel it.</summary>
public readonly record struct TimerId(int Value);

/// <summary>
/// How a host should run an actor. This is advice to hosts that model processors; it never changes what a turn does.
/// </summary>
/// <param name="Priority">Windows thread priority 0 to 31; higher runs first. 0 is the zero-page thread's, 8 a normal thread's.</param>
/// <param name="Placement">What a turn of this actor occupies while it spends ticks.</param>
public readonly record struct Role(byte Priority, Placement Placement)
{
    public static readonly Role Thread = new(8, Placement.Processor);
    public static readonly Role Device = new(0, Placement.Device);
}

/// <summary>What a turn occupies while it lasts.</summary>
public enum Placement : byte
{
    /// <summary>One of the machine's virtual processors.</summary>
    Processor,

    /// <summary>Only itself: a device works beside the processors.</summary>
    Device,
}
