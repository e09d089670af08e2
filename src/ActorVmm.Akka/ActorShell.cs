using Akka.Actor;

namespace ActorVmm.Akka;

/// <summary>
/// An actor of the machine as Akka sees it: its mailbox, its dispatcher, its path. It hears letters, has a turn taken for each,
/// and lays them by while no turns are taken.
/// </summary>
internal sealed class ActorShell : UntypedActor
{
    private readonly Resident _resident;
    private readonly Conductor _conductor;
    private readonly Desks _desks;

    public ActorShell(Resident resident, Conductor conductor, Desks desks)
    {
        _resident = resident;
        _conductor = conductor;
        _desks = desks;
    }

    /// <summary>Where it runs follows from the actor's role.</summary>
    public static Props Props(Resident resident, Conductor conductor, Desks desks) =>
        global::Akka.Actor.Props.Create(typeof(ActorShell), resident, conductor, desks).Placed(resident.Cell.Role);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Letter letter when _resident.HasLaidBy:
                WaitBehindOthers(letter);
                break;
            case Letter letter:
                Hear(letter);
                break;
            case GoOn:
                HearLaidBy();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Hear(Letter letter)
    {
        Desk desk = _desks.Free;
        if (Consider(letter, desk) is var verdict && verdict == Verdict.Take)
        {
            desk.Take(_resident, letter);
        }
        else if (verdict == Verdict.LayBy)
        {
            _resident.LaidBy.Enqueue(letter);
            LayRestBy();
        }
    }

    /// <summary>What is laid by is heard first. Until then the letter counts as under way, unless no turns are taken.</summary>
    private void WaitBehindOthers(Letter letter)
    {
        _resident.LaidBy.Enqueue(letter);
        if (!_resident.IsReturning)
        {
            _conductor.Settle(1);
        }
    }

    private void HearLaidBy()
    {
        _resident.IsReturning = false;
        try
        {
            Desk desk = _desks.Free;
            while (_resident.LaidBy.TryPeek(out Letter? letter) && Consider(letter, desk) is var verdict && verdict != Verdict.LayBy)
            {
                _resident.LaidBy.Dequeue();
                if (verdict == Verdict.Take)
                {
                    desk.Take(_resident, letter);
                }
            }
        }
        finally
        {
            LayRestBy();
            _conductor.Settle(1);
        }
    }

    private void LayRestBy()
    {
        if (_resident.HasLaidBy)
        {
            _conductor.LaysBy(_resident);
            _conductor.Settle(_resident.LaidBy.Count);
        }
    }

    private Verdict Consider(Letter letter, Desk desk)
    {
        bool isTimer = letter.Timer != default;
        if (isTimer && !_resident.TakeFired(letter.Timer))
        {
            // Cancelled while it lay in the mailbox, and not dropped even if the actor has stopped since.
            _conductor.Settle(1);
            return Verdict.Done;
        }

        if (_resident.HasStopped)
        {
            desk.Drop(_resident, letter);
            return Verdict.Done;
        }

        if (desk.MayTake())
        {
            return Verdict.Take;
        }

        if (isTimer)
        {
            _resident.Fired(letter.Timer);
        }

        return Verdict.LayBy;
    }

    private enum Verdict
    {
        /// <summary>A turn is taken.</summary>
        Take,

        /// <summary>Nobody hears it.</summary>
        Done,

        /// <summary>It is heard in a later run.</summary>
        LayBy,
    }
}
