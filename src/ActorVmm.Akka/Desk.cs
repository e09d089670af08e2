namespace ActorVmm.Akka;

/// <summary>
/// Where one thread takes turns: the one place on this host that calls <see cref="Turn"/>. It runs the actor, gives the turn its
/// place in the order of the run, carries out what was asked for, and tells the letters.
/// </summary>
internal sealed class Desk : IOutboxHost
{
    private const int TurnsPerLook = 32;

    private readonly Registry _registry;
    private readonly Conductor _conductor;
    private readonly Chronicle? _chronicle;
    private readonly Action<Resident> _moveIn;
    private readonly Turn _turn;
    private readonly Outbox _outbox;
    private readonly TurnBudget.Purse _purse;
    private (Resident To, Letter Letter)[] _letters = new (Resident, Letter)[16];
    private readonly List<Resident> _newborn = [];
    private HostStatistics _counted;
    private Resident _self;
    private int _untilLook = TurnsPerLook;
    private bool _holdsRare;

    /// <param name="options">Who draws and chooses; listeners are told by the chronicle.</param>
    /// <param name="registry">Everybody.</param>
    /// <param name="conductor">Who may take turns, and what time it is.</param>
    /// <param name="chronicle">Where turns are told; null when nobody listens.</param>
    /// <param name="moveIn">Has a shell made for somebody who was born.</param>
    public Desk(HostOptions options, Registry registry, Conductor conductor, Chronicle? chronicle, Action<Resident> moveIn)
    {
        _registry = registry;
        _conductor = conductor;
        _chronicle = chronicle;
        _moveIn = moveIn;
        _self = registry.Outside;
        _purse = conductor.Budget.NewPurse();
        _turn = new Turn(new ActorTable(), options with { FactListeners = [], TurnListeners = [] });
        _outbox = new Outbox(this) { Listening = options.FactListeners.Count > 0 };
    }

    public HostStatistics Statistics => _counted;

    /// <summary>A turn is being taken here, or its letters are being told.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Where this thread takes a turn while one is being taken here.</summary>
    public Desk? OnTop { get; set; }

    /// <summary>Whether a turn may begin here; it is counted then.</summary>
    public bool MayTake() => _conductor.Grants(_purse);

    /// <summary>Takes the turn in which an actor hears a letter.</summary>
    /// <exception cref="MachineStoppedException">The turn threw; the conductor knows.</exception>
    public void Take(Resident self, Letter letter)
    {
        IsBusy = true;
        try
        {
            TakeAndTell(self, letter);
        }
        finally
        {
            IsBusy = false;
        }
    }

    /// <summary>A letter reached an actor that has stopped.</summary>
    public void Drop(Resident self, Letter letter)
    {
        // Told after the stop, it never was in the mailbox: its sender just did not know yet.
        _counted.Messages -= letter.Place > self.StoppedAt ? 1 : 0;
        _counted.Dropped++;
        _conductor.Settle(1);
    }

    /// <inheritdoc/>
    public ActorId ReserveId()
    {
        EnterRare();
        return _registry.Reserve();
    }

    /// <inheritdoc/>
    public int Choose(ActorId chooser, int alternatives) => _turn.Choose(chooser, ref _self.Cell, alternatives);

    private void TakeAndTell(Resident self, Letter letter)
    {
        _self = self;
        if (_conductor.LooksAtClock && --_untilLook < 0)
        {
            _untilLook = TurnsPerLook;
            _conductor.LookAtClock();
        }

        Delivery delivery = letter.ToDelivery();
        int letters;
        try
        {
            letters = TakeTurn(letter.Identity, ref delivery);
        }
        catch (Exception cause)
        {
            LeaveRare();
            throw Failed(in delivery, cause);
        }

        LeaveRare();
        _counted.Turns++;
        foreach (Resident newborn in _newborn)
        {
            _moveIn(newborn);
        }

        _newborn.Clear();
        Tell(letters);
    }

    private int TakeTurn(ActorIdentity sender, ref Delivery delivery)
    {
        _turn.Take(_self.Id, ref _self.Cell, sender, ref delivery, _conductor.Now, _outbox);
        bool rare = _outbox.HasRareEffects;
        if (rare)
        {
            EnterRare();
        }

        long place = _chronicle?.Turn(_self, in delivery, _turn.Choices, _outbox) ?? 0;
        if (rare)
        {
            BearChildren();
        }

        int letters = WriteLetters(place);
        if (rare)
        {
            _conductor.CarryTimers(_self, _outbox, delivery.Now);
            if (_outbox.Stopped)
            {
                _conductor.Retire(_self, place);
                _counted.ActorsStopped++;
            }
        }

        return letters;
    }

    private void BearChildren()
    {
        ActorIdentity identity = _self.Cell.Identity;
        foreach (ref readonly Outbox.Birth birth in _outbox.Births)
        {
            _newborn.Add(_registry.Bear(birth.Id, birth.Actor, birth.Role, identity.Child(birth.Count)));
        }
    }

    /// <summary>Makes letters of what was sent. Nothing is told yet, so a message to nobody leaves nothing behind.</summary>
    private int WriteLetters(long place)
    {
        ReadOnlySpan<Outbox.Sent> sent = _outbox.SentMessages;
        if (_letters.Length < sent.Length)
        {
            _letters = new (Resident, Letter)[sent.Length * 2];
        }

        int letters = 0;
        foreach (ref readonly Outbox.Sent one in sent)
        {
            int count = unchecked(++_self.Cell.Sent);
            if (one.To.IsOutside)
            {
                _counted.SentOutside++;
                continue;
            }

            Resident to = _registry.Receiver(_self.Id, one.To, one.Message.Kind);
            if (to.HasStopped)
            {
                // It may have stopped after this turn, in the order of the run: then the letter was in its mailbox.
                _counted.Messages += place < to.StoppedAt ? 1 : 0;
                _counted.Dropped++;
                continue;
            }

            _counted.Messages++;
            _letters[letters++] = (to, new Letter(in one.Message, _self.Id, _self.Cell.Identity, count, place));
        }

        return letters;
    }

    /// <summary>The last thing that a turn does: as soon as its last letter is told, it counts as over.</summary>
    private void Tell(int letters)
    {
        if (letters == 0)
        {
            _conductor.Settle(1);
            return;
        }

        if (letters > 1)
        {
            _conductor.Expect(letters - 1);
        }

        Resident from = _self;
        for (int i = 0; i < letters; i++)
        {
            (Resident to, Letter letter) = _letters[i];
            to.Tell(letter, from);
        }
    }

    private MachineStoppedException Failed(in Delivery delivery, Exception cause)
    {
        MachineStoppedException? thrown = cause as MachineStoppedException;
        string type = _self.Cell.Actor?.GetType().Name ?? "an actor";
        _conductor.Fail(new Failure(_self.Id, type, delivery, thrown?.InnerException ?? cause, thrown));
        _conductor.Settle(1);
        return thrown ?? new MachineStoppedException(_self.Id, type, _counted.Turns + 1, delivery.Kind, delivery.Now, cause);
    }

    private void EnterRare()
    {
        if (!_holdsRare)
        {
            _registry.Rare.Enter();
            _holdsRare = true;
        }
    }

    private void LeaveRare()
    {
        if (_holdsRare)
        {
            _holdsRare = false;
            _registry.Rare.Exit();
        }
    }
}
