namespace ActorVmm.Akka;

/// <summary>
/// One order for everything that happens: a linear extension of happens-before. A turn takes its place when it has ended and
/// before anything that it asked for can be seen, so whoever hears of it comes later. The stories lie in a ring, each at its
/// place; whoever runs the machine tells them, beside the actors. When it is far behind, turns wait for it.
/// </summary>
internal sealed class Chronicle : IOutboxHost
{
    private const int Size = 1 << 10;
    private const int FarBehind = Size / 2;

    /// <summary>How long told stories may lag behind while few happen.</summary>
    private static readonly TimeSpan _lag = TimeSpan.FromMilliseconds(20);

    private readonly Story[] _ring = new Story[Size];
    private readonly SemaphoreSlim _news = new(0);
    private readonly HostOptions _listeners;
    private readonly AkkaRecord? _record;
    private long _places;
    private long _told;
    private int _waiting;

    public Chronicle(HostOptions listeners, AkkaRecord? record)
    {
        _listeners = listeners;
        _record = record;
        for (int i = 0; i < Size; i++)
        {
            _ring[i] = new Story(this);
        }
    }

    /// <summary>Turns told, over all runs.</summary>
    public long Turns { get; private set; }

    /// <summary>A listener threw, so it has missed something.</summary>
    public bool Failed { get; private set; }

    /// <summary>So many turns were told elsewhere.</summary>
    public void Adopt(long turns) => Turns = turns;

    /// <summary>A turn has ended.</summary>
    /// <returns>Its place.</returns>
    public long Turn(Resident self, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        Story story = TakePlace();
        story.TellTurn(self, in delivery, choices, outbox, _listeners);
        return Finish(story);
    }

    /// <summary>A timer has become a letter.</summary>
    /// <returns>The place of that.</returns>
    public long Firing(ActorId owner, int senderCount)
    {
        Story story = TakePlace();
        story.TellFiring(owner, senderCount);
        return Finish(story);
    }

    /// <summary>Tells what has happened until nothing more will: on the thread that runs the machine.</summary>
    /// <param name="isOver">Whether the run has ended; what happened before that is told in any case.</param>
    public void TellUntil(Func<bool> isOver)
    {
        while (true)
        {
            bool over = isOver();
            TellFinished();
            if (over)
            {
                return;
            }

            WaitForNews(isOver);
        }
    }

    /// <summary>Passes over what nobody is told any more, so that turns that wait for room can end.</summary>
    public void DropUntil(Func<bool> isOver)
    {
        while (true)
        {
            bool over = isOver();
            while (Next() is not null)
            {
                Volatile.Write(ref _told, _told + 1);
            }

            if (over)
            {
                return;
            }

            WaitForNews(isOver);
        }
    }

    /// <summary>Looks at once whether there is something to tell: the run is over, or the ring is filling up.</summary>
    public void Wake()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiting) == 1 && Interlocked.Exchange(ref _waiting, 0) == 1)
        {
            _news.Release();
        }
    }

    ActorId IOutboxHost.ReserveId() => throw new InvalidOperationException("the turn is over");

    int IOutboxHost.Choose(ActorId chooser, int alternatives) => throw new InvalidOperationException("the turn is over");

    private Story TakePlace()
    {
        long place = Interlocked.Increment(ref _places);
        SpinWait wait = default;
        while (place - Volatile.Read(ref _told) > Size)
        {
            Wake();
            wait.SpinOnce();
        }

        Story story = _ring[place & (Size - 1)];
        story.Place = place;
        return story;
    }

    private long Finish(Story story)
    {
        long place = story.Place;
        Volatile.Write(ref story.Finished, place);
        if (place - Volatile.Read(ref _told) >= FarBehind)
        {
            Wake();
        }

        return place;
    }

    private void WaitForNews(Func<bool> isOver)
    {
        Volatile.Write(ref _waiting, 1);
        Interlocked.MemoryBarrier();
        if (isOver() && Interlocked.Exchange(ref _waiting, 0) == 1)
        {
            return;
        }

        if (!_news.Wait(_lag) && Interlocked.Exchange(ref _waiting, 0) == 0)
        {
            // Somebody has just said that there is news.
            _news.Wait();
        }
    }

    /// <summary>The story of the next place; null when it is not finished yet.</summary>
    private Story? Next()
    {
        long place = _told + 1;
        Story story = _ring[place & (Size - 1)];
        return Volatile.Read(ref story.Finished) == place ? story : null;
    }

    private void TellFinished()
    {
        while (Next() is { } story)
        {
            Failed = true;
            Tell(story);
            Failed = false;
            Volatile.Write(ref _told, story.Place);
        }
    }

    private void Tell(Story story)
    {
        _record?.Add(story);
        if (story.IsFiring)
        {
            return;
        }

        TurnStamp stamp = new(story.Actor, story.Delivery.Now, ++Turns) { Chain = story.Chain };
        foreach (ITurnListener listener in _listeners.TurnListeners)
        {
            listener.Taken(in stamp, in story.Delivery, story.Choices, story.Outbox);
        }

        if (story.Facts.Length > 0)
        {
            foreach (IFactListener listener in _listeners.FactListeners)
            {
                listener.Heard(in stamp, story.Facts);
            }
        }

        foreach (Delivery left in story.Left)
        {
            _listeners.Outside!.Left(in left);
        }
    }
}
