using Akka.Actor;
using ActorCell = ActorVmm.Runtime.ActorCell;

namespace ActorVmm.Akka;

/// <summary>
/// What the host keeps for one actor: its cell, and the way to its shell. Only the turn of the actor touches the cell, save for
/// its list of timers, which belongs to whoever holds <see cref="Registry.Rare"/>.
/// </summary>
internal sealed class Resident(ActorId id)
{
    private readonly Lock _gate = new();
    private HashSet<int>? _firedTimers;
    private Queue<(object Letter, IActorRef Sender)>? _early = new();
    private Queue<Letter>? _laidBy;
    private volatile IActorRef? _address;
    private long _stoppedAt;
    private volatile bool _stopped;

    public ActorCell Cell;

    public ActorId Id { get; } = id;

    /// <summary>Where its shell is found; null until the machine has made it.</summary>
    public IActorRef? Address => _address;

    /// <summary>The actor has stopped itself: what reaches it is dropped.</summary>
    public bool HasStopped => _stopped;

    /// <summary>The place of the turn in which it stopped, in the order of the run.</summary>
    public long StoppedAt => _stoppedAt;

    /// <summary>
    /// Letters laid by while no turns are taken, oldest first: the shell's while a run lasts, the host's between runs.
    /// </summary>
    public Queue<Letter> LaidBy => _laidBy ??= new();

    /// <summary>Whether there are such; seldom.</summary>
    public bool HasLaidBy => _laidBy is { Count: > 0 };

    /// <summary>The letters laid by are about to be heard, so that what comes now waits behind them.</summary>
    public bool IsReturning { get; set; }

    /// <summary>Puts a letter into the mailbox. Until there is one, letters wait here, in their order.</summary>
    public void Tell(object letter, Resident? from)
    {
        IActorRef sender = from?.Address ?? ActorRefs.NoSender;
        if (_address is { } address)
        {
            address.Tell(letter, sender);
        }
        else
        {
            TellEarly(letter, sender);
        }
    }

    /// <summary>Its shell has been made; what came early goes there first.</summary>
    public void Settle(IActorRef address)
    {
        lock (_gate)
        {
            while (_early!.TryDequeue(out (object Letter, IActorRef Sender) early))
            {
                address.Tell(early.Letter, early.Sender);
            }

            _early = null;
            _address = address;
        }
    }

    /// <summary>The actor has stopped in the turn of this place.</summary>
    public void Stop(long place)
    {
        Cell.State = ActorState.Stopped;
        Cell.Actor = null;
        _stoppedAt = place;
        _stopped = true;
    }

    /// <summary>One of its timers has become a letter.</summary>
    public void Fired(TimerId timer)
    {
        lock (_gate)
        {
            (_firedTimers ??= []).Add(timer.Value);
        }
    }

    /// <summary>A fired timer is heard, or cancelled before it is: whichever comes first.</summary>
    /// <returns>False when it was the other way round.</returns>
    public bool TakeFired(TimerId timer)
    {
        lock (_gate)
        {
            return _firedTimers?.Remove(timer.Value) == true;
        }
    }

    private void TellEarly(object letter, IActorRef sender)
    {
        lock (_gate)
        {
            if (_address is null)
            {
                _early!.Enqueue((letter, sender));
                return;
            }
        }

        _address.Tell(letter, sender);
    }
}
