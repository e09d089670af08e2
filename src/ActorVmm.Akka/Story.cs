namespace ActorVmm.Akka;

/// <summary>What there is to tell about one turn, or about a timer that has fired; used again when it has been told.</summary>
internal sealed class Story(IOutboxHost outboxHost)
{
    private readonly List<Delivery> _left = [];
    private Choice[] _choices = [];
    private Fact[] _facts = [];
    private int _choiceCount;
    private int _factCount;

    /// <summary>The place in the order of the run that this story was finished for last.</summary>
    public long Finished;

    /// <summary>Its place in the order of the run, from 1.</summary>
    public long Place { get; set; }

    /// <summary>Whose turn it was, or whose timer.</summary>
    public ActorId Actor { get; private set; }

    public Delivery Delivery;

    /// <summary>The actor's chain after the turn.</summary>
    public ulong Chain { get; private set; }

    public bool IsFiring { get; private set; }

    public ReadOnlySpan<Choice> Choices => _choices.AsSpan(0, _choiceCount);

    public ReadOnlySpan<Fact> Facts => _facts.AsSpan(0, _factCount);

    /// <summary>What left the machine.</summary>
    public IReadOnlyList<Delivery> Left => _left;

    /// <summary>What the turn asked for; kept only for those who listen to turns.</summary>
    public Outbox Outbox { get; } = new(outboxHost);

    public void TellFiring(ActorId owner, int senderCount)
    {
        Clear(owner);
        IsFiring = true;
        Delivery = new Delivery { Sender = owner, SenderCount = senderCount };
    }

    public void TellTurn(Resident self, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox, HostOptions listeners)
    {
        Clear(self.Id);
        Delivery = delivery;
        Chain = self.Cell.Chain;
        _choiceCount = Copy(choices, ref _choices);
        _factCount = Copy(outbox.Facts, ref _facts);
        if (listeners.TurnListeners.Count > 0)
        {
            Outbox.CopyFrom(outbox);
        }

        if (listeners.Outside is not null)
        {
            AddLeft(self, delivery.Now, outbox.SentMessages);
        }
    }

    private void AddLeft(Resident self, Ticks now, ReadOnlySpan<Outbox.Sent> sent)
    {
        int count = self.Cell.Sent;
        foreach (ref readonly Outbox.Sent one in sent)
        {
            count = unchecked(count + 1);
            if (one.To.IsOutside)
            {
                _left.Add(new Delivery { Message = one.Message, Sender = self.Id, SenderCount = count, Now = now });
            }
        }
    }

    private void Clear(ActorId actor)
    {
        Actor = actor;
        IsFiring = false;
        _left.Clear();
        (_choiceCount, _factCount) = (0, 0);
    }

    private static int Copy<T>(ReadOnlySpan<T> from, ref T[] into)
    {
        if (into.Length < from.Length)
        {
            into = new T[from.Length * 2];
        }

        from.CopyTo(into);
        return from.Length;
    }
}
