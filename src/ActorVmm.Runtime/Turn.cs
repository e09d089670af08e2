using System.Runtime.CompilerServices;

namespace ActorVmm.Runtime;

/// <summary>
/// The one place that calls <see cref="IActor.Receive"/>. It fixes the inputs of the turn in the actor's chain, lends the
/// outbox, runs the actor and hands on what was stated; it never decides what happens next. One instance serves one
/// sequential host.
/// </summary>
public sealed class Turn : IOutboxHost
{
    private readonly ActorTable _actors;
    private readonly ulong _seed;
    private readonly IChooser _chooser;
    private readonly IFactListener[] _factListeners;
    private readonly ITurnListener[] _turnListeners;
    private Choice[] _choices = new Choice[4];
    private int _choiceCount;

    public Turn(ActorTable actors, HostOptions options)
    {
        _actors = actors;
        _seed = Mix.Spread(options.Seed);
        _chooser = options.Chooser ?? new SeededChooser(options.Seed);
        _factListeners = [.. options.FactListeners];
        _turnListeners = [.. options.TurnListeners];
    }

    /// <summary>How many turns have begun; the number of the latest one in the host's order.</summary>
    public long Number { get; internal set; }

    /// <summary>
    /// A listener is being told something. It is no part of the machine: what it throws is no bug check, but the machine cannot
    /// go on after it either, because the listener has missed something.
    /// </summary>
    public bool Telling { get; internal set; }

    /// <summary>The answers given in the latest turn.</summary>
    public ReadOnlySpan<Choice> Choices => _choices.AsSpan(0, _choiceCount);

    /// <summary>An outbox for turns taken here, to be held by the host until its effects take place.</summary>
    public Outbox NewOutbox() => new(this) { Listening = _factListeners.Length > 0 };

    /// <summary>
    /// Takes one turn. Afterwards <paramref name="outbox"/> holds what the actor asked for; the host carries it out.
    /// </summary>
    /// <exception cref="MachineStoppedException">The actor threw.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(ActorId self, ref ActorCell cell, ref Delivery delivery, Ticks now, Outbox outbox) =>
        Take(self, ref cell, _actors[delivery.Sender].Identity, ref delivery, now, outbox);

    /// <summary>The same on a host that keeps its cells elsewhere, and so knows itself who the sender is.</summary>
    /// <exception cref="MachineStoppedException">The actor threw.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Take(ActorId self, ref ActorCell cell, ActorIdentity sender, ref Delivery delivery, Ticks now, Outbox outbox)
    {
        delivery.Now = now;
        cell.Chain = Advance(cell.Chain, in delivery, sender);
        cell.Turns++;
        Number++;
        _choiceCount = 0;
        outbox.Begin(self, Mix.Fold(_seed, cell.Identity.Value), in cell.Counts);
        Receive(ref cell, in delivery, outbox);
        cell.Counts = new ActorCounts(outbox.DrawCount, outbox.TimersStarted, outbox.ChildCount);
        if (_turnListeners.Length > 0 || outbox.Facts.Length > 0)
        {
            Tell(self, cell.Chain, in delivery, outbox);
        }
    }

    /// <inheritdoc/>
    public ActorId ReserveId() => _actors.Reserve();

    /// <inheritdoc/>
    public int Choose(ActorId chooser, int alternatives) => Choose(chooser, ref _actors[chooser], alternatives);

    /// <summary>The same on a host that keeps its cells elsewhere.</summary>
    public int Choose(ActorId chooser, ref ActorCell cell, int alternatives)
    {
        int answer = _chooser.Choose(new ChoicePoint(chooser, cell.Identity, cell.Turns, _choiceCount, alternatives));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)answer, (uint)alternatives, nameof(answer));
        if (_choiceCount == _choices.Length)
        {
            Array.Resize(ref _choices, _choiceCount * 2);
        }

        _choices[_choiceCount++] = new Choice(alternatives, answer);
        cell.Chain = Mix.Fold(cell.Chain, (ulong)(uint)answer);
        return answer;
    }

    /// <summary>
    /// A receiver's chain after one more delivery. The sender counts as who it is, not where it is found, so that the chain is
    /// the same however concurrent turns were interleaved.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Advance(ulong chain, in Delivery delivery, ActorIdentity sender)
    {
        ulong origin = Mix.Fold(sender.Value ^ unchecked((uint)delivery.SenderCount), unchecked((ulong)delivery.Now.Value));
        return delivery.Message.HashInto(chain) ^ origin;
    }

    private void Receive(ref ActorCell cell, in Delivery delivery, Outbox outbox)
    {
        IActor actor = cell.Actor!;
        try
        {
            actor.Receive(in delivery, outbox);
        }
        catch (Exception cause) when (cause is not ScheduleMismatchException)
        {
            throw new MachineStoppedException(outbox.Self, actor.GetType().Name, Number, delivery.Kind, delivery.Now, cause)
            {
                Delivery = delivery, Chain = cell.Chain, Choices = Choices.ToArray(), Births = IdsOf(outbox.Births),
            };
        }
    }

    private static ActorId[] IdsOf(ReadOnlySpan<Outbox.Birth> births)
    {
        ActorId[] ids = new ActorId[births.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = births[i].Id;
        }

        return ids;
    }

    private void Tell(ActorId self, ulong chain, in Delivery delivery, Outbox outbox)
    {
        Telling = true;
        TurnStamp stamp = new(self, delivery.Now, Number) { Chain = chain };
        foreach (ITurnListener listener in _turnListeners)
        {
            listener.Taken(in stamp, in delivery, Choices, outbox);
        }

        if (outbox.Facts.Length > 0)
        {
            foreach (IFactListener listener in _factListeners)
            {
                listener.Heard(in stamp, outbox.Facts);
            }
        }

        Telling = false;
    }
}
