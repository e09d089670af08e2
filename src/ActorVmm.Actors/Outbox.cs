using System.Runtime.CompilerServices;

namespace ActorVmm.Actors;

/// <summary>
/// The only way out of a turn. Effects are data: they are written here while the turn runs and take place when it has ended,
/// so a turn that throws has done nothing. One outbox serves one (virtual) processor and is reused; it allocates only while
/// it grows to the largest turn it has seen.
/// </summary>
public sealed class Outbox
{
    private readonly IOutboxHost _host;
    private Sent[] _sent = new Sent[16];
    private int _sentCount;
    private Fact[] _facts = new Fact[16];
    private int _factCount;
    private TimerStart[] _timers = new TimerStart[4];
    private int _timerCount;
    private TimerId[] _cancels = new TimerId[4];
    private int _cancelCount;
    private Birth[] _births = [];
    private int _birthCount;
    private ulong _drawSeed;

    public Outbox(IOutboxHost host) => _host = host;

    /// <summary>The actor whose turn this is.</summary>
    public ActorId Self { get; private set; }

    /// <summary>Whether anybody hears facts; <see cref="State{T}"/> costs half a nanosecond when nobody does.</summary>
    public bool Listening { get; set; }

    /// <summary>Ticks the turn has spent so far.</summary>
    public Ticks Spent { get; private set; }

    /// <summary>Whether the actor has stopped itself in this turn.</summary>
    public bool Stopped { get; private set; }

    /// <summary>How many numbers the actor has drawn in its life; part of its state.</summary>
    public int DrawCount { get; private set; }

    /// <summary>How many timers the actor has started in its life; part of its state.</summary>
    public int TimersStarted { get; private set; }

    /// <summary>How many actors the actor has created in its life; part of its state.</summary>
    public int ChildCount { get; private set; }

    /// <summary>Sends a message. It arrives some time after this turn; when, and in which order, is the host's affair.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Send<T>(ActorId to, in T message)
        where T : unmanaged, IMessage
    {
        if (_sentCount == _sent.Length)
        {
            Array.Resize(ref _sent, _sent.Length * 2);
        }

        ref Sent sent = ref _sent[_sentCount++];
        sent.To = to;
        Message.Put(ref sent.Message, in message);
    }

    /// <summary>
    /// Creates an actor. Its identity is this actor's and the count of its children; it exists when the turn has ended, so
    /// messages sent to it in this same turn arrive.
    /// </summary>
    public ActorId Create(IActor actor, Role role)
    {
        ArgumentNullException.ThrowIfNull(actor);
        ActorId id = _host.ReserveId();
        Grow(ref _births, _birthCount);
        _births[_birthCount++] = new Birth(id, actor, role, ChildCount);
        ChildCount++;
        return id;
    }

    /// <summary>Stops this actor at the end of the turn. What is in its mailbox, or arrives later, is dropped and counted.</summary>
    public void Stop() => Stopped = true;

    /// <summary>
    /// Delivers <paramref name="message"/> to this actor itself when <paramref name="delay"/> has passed since the end of this
    /// turn. A delay of <see cref="Ticks.Never"/> is a timer that does not fire.
    /// </summary>
    public TimerId StartTimer<T>(Ticks delay, in T message)
        where T : unmanaged, IMessage
    {
        ArgumentOutOfRangeException.ThrowIfNegative(delay.Value);
        TimersStarted++;
        Grow(ref _timers, _timerCount);
        _timers[_timerCount++] = new TimerStart(new TimerId(TimersStarted), delay, Message.Of(in message));
        return new TimerId(TimersStarted);
    }

    /// <summary>Cancels a timer of this actor. A timer that has fired already, but is not delivered yet, is cancelled too.</summary>
    public void CancelTimer(TimerId timer)
    {
        Grow(ref _cancels, _cancelCount);
        _cancels[_cancelCount++] = timer;
    }

    /// <summary>Adds to what this turn costs on its processor or device.</summary>
    public void Spend(Ticks ticks) => Spent += ticks;

    /// <summary>
    /// A branch: a number from 0 to <paramref name="alternatives"/> − 1 that the explorer enumerates and that a run records.
    /// Use it where the system modelled really is free to choose.
    /// </summary>
    public int Choose(int alternatives)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(alternatives);
        return alternatives == 1 ? 0 : _host.Choose(Self, alternatives);
    }

    /// <summary>
    /// A number from this actor's own stream, which depends on the run's seed, the actor's identity and how many it has drawn
    /// before: not on any schedule, so it needs no recording.
    /// </summary>
    public long Draw(Distribution distribution)
    {
        ArgumentNullException.ThrowIfNull(distribution);
        DrawCount++;
        return distribution.Sample(Mix.Spread(unchecked(_drawSeed ^ ((ulong)(uint)DrawCount * 0xA24B_AED4_963E_E407UL))));
    }

    /// <summary>States a fact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void State<T>(in T fact)
        where T : unmanaged, IFact
    {
        if (Listening)
        {
            Grow(ref _facts, _factCount);
            Fact.Put(ref _facts[_factCount++], in fact);
        }
    }

    // What follows is the host's side.

    public ReadOnlySpan<Sent> SentMessages => _sent.AsSpan(0, _sentCount);

    public ReadOnlySpan<Fact> Facts => _facts.AsSpan(0, _factCount);

    public ReadOnlySpan<TimerStart> TimerStarts => _timers.AsSpan(0, _timerCount);

    public ReadOnlySpan<TimerId> TimerCancels => _cancels.AsSpan(0, _cancelCount);

    public ReadOnlySpan<Birth> Births => _births.AsSpan(0, _birthCount);

    /// <summary>Whether the turn has done anything but send and spend: the host's slow path.</summary>
    public bool HasRareEffects => (_timerCount | _cancelCount | _birthCount) != 0 || Stopped;

    /// <summary>Empties the outbox and lends it to an actor for one turn.</summary>
    /// <param name="self">Whose turn begins.</param>
    /// <param name="drawSeed">The run's seed mixed with the actor's identity.</param>
    /// <param name="counts">What the actor has drawn, started and created before.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(ActorId self, ulong drawSeed, in ActorCounts counts)
    {
        Self = self;
        _sentCount = 0;
        _factCount = 0;
        Spent = Ticks.Zero;
        if (HasRareEffects)
        {
            ClearRareEffects();
        }

        _drawSeed = drawSeed;
        DrawCount = counts.Draws;
        TimersStarted = counts.Timers;
        ChildCount = counts.Children;
    }

    /// <summary>
    /// Passes what a turn has asked for through <paramref name="codec"/>, so that a machine can be saved while the host holds
    /// it back. Facts have been handed on by then.
    /// </summary>
    /// <param name="codec">Reads or replaces.</param>
    /// <param name="actors">By id, the actors to be created: filled in when saving, taken from when restoring.</param>
    public void Encode(StateCodec codec, Span<IActor?> actors)
    {
        ActorId self = Self;
        bool stopped = Stopped;
        codec.Field("self", ref self);
        codec.Field("stopped", ref stopped);
        (Self, Stopped) = (self, stopped);
        codec.Values("sent", ref _sent, ref _sentCount);
        codec.Values("timers", ref _timers, ref _timerCount);
        codec.Values("cancels", ref _cancels, ref _cancelCount);
        EncodeBirths(codec, actors);
    }

    /// <summary>Keeps a copy of what a turn has asked for, for those who are told later.</summary>
    public void CopyFrom(Outbox other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Begin(other.Self, other._drawSeed, new ActorCounts(other.DrawCount, other.TimersStarted, other.ChildCount));
        Stopped = other.Stopped;
        Spent = other.Spent;
        Copy(ref _sent, ref _sentCount, other.SentMessages);
        Copy(ref _facts, ref _factCount, other.Facts);
        Copy(ref _timers, ref _timerCount, other.TimerStarts);
        Copy(ref _cancels, ref _cancelCount, other.TimerCancels);
        Copy(ref _births, ref _birthCount, other.Births);
    }

    private static void Copy<T>(ref T[] array, ref int count, ReadOnlySpan<T> from)
    {
        if (array.Length < from.Length)
        {
            array = new T[from.Length];
        }

        from.CopyTo(array);
        count = from.Length;
    }

    private void EncodeBirths(StateCodec codec, Span<IActor?> actors)
    {
        codec.Field("births", ref _birthCount);
        if (_births.Length < _birthCount)
        {
            _births = new Birth[_birthCount];
        }

        foreach (ref Birth birth in _births.AsSpan(0, _birthCount))
        {
            (ActorId id, IActor? actor, Role role, int count) = birth;
            codec.Field("id", ref id);
            codec.Field("role", ref role);
            codec.Field("count", ref count);
            if (codec.Restoring)
            {
                actor = actors[id.Value]!;
                birth = new Birth(id, actor, role, count);
            }

            actors[id.Value] = actor;
            actor.Encode(codec);
        }
    }

    private void ClearRareEffects()
    {
        _timerCount = 0;
        _cancelCount = 0;
        Array.Clear(_births, 0, _birthCount);
        _birthCount = 0;
        Stopped = false;
    }

    private static void Grow<T>(ref T[] array, int count)
    {
        if (count == array.Length)
        {
            Array.Resize(ref array, Math.Max(4, array.Length * 2));
        }
    }

    /// <summary>A message on its way.</summary>
    public struct Sent
    {
        public Message Message;
        public ActorId To;
    }

    /// <summary>A timer to be started.</summary>
    public readonly record struct TimerStart(TimerId Timer, Ticks Delay, Message Message);

    /// <summary>An actor to be created: its reserved id, itself, its role, and the creator's count before it.</summary>
    public readonly record struct Birth(ActorId Id, IActor Actor, Role Role, int Count);
}

/// <summary>What an actor has used up of its own countable things; with them, draws, timers and children are reproducible.</summary>
public record struct ActorCounts(int Draws, int Timers, int Children);

/// <summary>What an <see cref="Outbox"/> needs from the host while a turn runs.</summary>
public interface IOutboxHost
{
    /// <summary>The id of an actor about to be created.</summary>
    ActorId ReserveId();

    /// <summary>A number from 0 to <paramref name="alternatives"/> − 1, decided by the host's strategy and recorded.</summary>
    int Choose(ActorId chooser, int alternatives);
}
