using System.Threading;

namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// Tells the listeners what happened on all cores, in the order in which steps ended: one linear extension of happens-before,
/// the one that the record keeps. It does so on the thread that called <see cref="IHost.Run"/>, beside the cores. A core that is
/// far ahead waits for it.
/// </summary>
internal sealed class Storyteller
{
    private const int MostUntold = 32;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _published = new(0);
    private readonly HostOptions _options;
    private readonly Queue<Chapter>[] _untold;
    private readonly Stack<Chapter> _empty = new();
    private long _nextTicket;

    public Storyteller(HostOptions options, int cores)
    {
        _options = options;
        _untold = [.. Enumerable.Range(0, cores).Select(_ => new Queue<Chapter>())];
        WhileRunning = options.FactListeners.Count > 0 || options.TurnListeners.Count > 0;
        Listens = WhileRunning || options.Outside is not null;
    }

    /// <summary>Whether anybody listens at all.</summary>
    public bool Listens { get; }

    /// <summary>Whether every step is told, while cores run; otherwise what left the machine is, at the end of the run.</summary>
    public bool WhileRunning { get; }

    /// <summary>Turns told, over all runs.</summary>
    public long Turns { get; private set; }

    /// <summary>A listener threw, so it has missed something.</summary>
    public bool Failed { get; private set; }

    public void BeginRun() => _nextTicket = 0;

    /// <summary>The machine is at another place of its run.</summary>
    public void Restored(long turns)
    {
        (Turns, Failed) = (turns, false);
        foreach (Queue<Chapter> untold in _untold)
        {
            untold.Clear();
        }
    }

    /// <summary>A core's finished chapter; an empty one comes back.</summary>
    public Chapter Publish(int core, Chapter chapter)
    {
        lock (_gate)
        {
            _untold[core].Enqueue(chapter);
            chapter = _empty.TryPop(out Chapter? empty) ? empty : new Chapter();
        }

        if (WhileRunning)
        {
            _published.Release();
        }

        return chapter;
    }

    public bool IsFarAhead(int core)
    {
        lock (_gate)
        {
            return WhileRunning && _untold[core].Count >= MostUntold;
        }
    }

    /// <summary>Wakes <see cref="Wait"/>: the run is over.</summary>
    public void RunEnded() => _published.Release();

    /// <summary>Waits until a core has published something, or the run is over.</summary>
    public void Wait() => _published.Wait();

    /// <summary>Tells what can be told.</summary>
    /// <param name="told">Called with the core when a chapter is finished.</param>
    public void Tell(Action<int> told)
    {
        while (Next() is { } core)
        {
            Chapter chapter = _untold[core].Peek();
            Chapter.Step step = chapter.Steps[chapter.Told];
            int from = chapter.Told == 0 ? 0 : chapter.Steps[chapter.Told - 1].EntriesEnd;
            Failed = true;
            for (int at = from; at < step.EntriesEnd; at++)
            {
                TellOne(chapter, in chapter.EntryAt(at), Turns - step.FirstTurn);
            }

            Failed = false;
            Turns += WhileRunning ? step.Turns : 0;
            _nextTicket = step.Ticket + 1;
            if (++chapter.Told == chapter.Steps.Length)
            {
                lock (_gate)
                {
                    _untold[core].Dequeue();
                    chapter.Clear();
                    _empty.Push(chapter);
                }

                told(core);
            }
        }
    }

    /// <summary>Who has the next step; null when it is not there yet. Steps that nobody hears of are not missed.</summary>
    private int? Next()
    {
        lock (_gate)
        {
            int? first = null;
            long earliest = WhileRunning ? _nextTicket + 1 : long.MaxValue;
            for (int core = 0; core < _untold.Length; core++)
            {
                if (_untold[core].TryPeek(out Chapter? chapter) && chapter.Steps[chapter.Told].Ticket < earliest)
                {
                    earliest = chapter.Steps[chapter.Told].Ticket;
                    first = core;
                }
            }

            return first;
        }
    }

    private void TellOne(Chapter chapter, in Chapter.Entry entry, long before)
    {
        TurnStamp stamp = entry.Turn with { Number = entry.Turn.Number + before };
        switch (entry.Kind)
        {
            case EntryKind.Turn:
                TurnCopy turn = chapter.TurnAt(in entry);
                foreach (ITurnListener listener in _options.TurnListeners)
                {
                    listener.Taken(in stamp, in turn.Delivery, turn.Choices, turn.Outbox);
                }

                break;
            case EntryKind.Facts:
                foreach (IFactListener listener in _options.FactListeners)
                {
                    listener.Heard(in stamp, chapter.Facts(in entry));
                }

                break;
            case EntryKind.Left:
                _options.Outside?.Left(in chapter.LeftAt(in entry));
                break;
        }
    }
}

/// <summary>Writes down what happens on one core.</summary>
internal sealed class CoreLog(int core, Storyteller storyteller) : IFactListener, ITurnListener, ICoreListener, IOutboxHost
{
    private Chapter _chapter = new();
    private long _turns;

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts) => _chapter.AddFacts(in turn, facts);

    public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox) =>
        _chapter.AddTurn(in turn, in delivery, choices, outbox, this);

    public void Left(in Delivery delivery) => _chapter.AddLeft(in delivery);

    public void EndStep(long ticket, long turns)
    {
        if (storyteller.WhileRunning || _chapter.HasOpenEntries)
        {
            _chapter.EndStep(ticket, _turns, turns);
            if (_chapter.IsFull)
            {
                Publish();
            }
        }

        _turns += turns;
    }

    /// <summary>Hands over what has been written, all of it in steps that have ended.</summary>
    public void Publish()
    {
        if (!_chapter.IsEmpty)
        {
            _chapter = storyteller.Publish(core, _chapter);
        }
    }

    /// <summary>The machine is at another place of its run, where so many turns have been taken on this core.</summary>
    public void Restored(long turns) => (_turns, _chapter) = (turns, new Chapter());

    /// <summary>Forgets a step that did not count, and publishes those before it.</summary>
    public void Discard()
    {
        _chapter.DropOpenEntries();
        Publish();
    }

    ActorId IOutboxHost.ReserveId() => throw new InvalidOperationException("the turn is over");

    int IOutboxHost.Choose(ActorId chooser, int alternatives) => throw new InvalidOperationException("the turn is over");
}
