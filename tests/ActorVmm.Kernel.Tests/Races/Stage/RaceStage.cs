using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>
/// A real small machine on which a test decides what is delivered next. Its verbs:
/// <code>
/// p = stage.Start()          a process with a region of pages, which stays until told to exit
/// p.Does(Store(0))           a thread carries out one operation, and everything that follows from it happens
/// t = p.Begins(Load(0))      the thread has tried once: it is done, or it waits
/// stage.Hold&lt;PageRead&gt;()     from here on this is delivered only when the test says so
/// stage.Deliver&lt;PageRead&gt;()  the next one arrives now
/// stage.Settle()             everything arrives that is not held; devices finish
/// stage.EndsWell(…)          nothing is held any more; all specifications held; these situations were seen; nothing was lost
/// </code>
/// Whatever fails, fails with the transcript of the story so far.
/// </summary>
internal sealed partial class RaceStage : ITurnListener, IOutsideListener, IChooser
{
    /// <summary>
    /// 24 frames and a paging file; one access a turn, contents compared at each; nobody writes, trims, zeroes or keeps frames ready
    /// unless memory is short or a test says so.
    /// </summary>
    public static readonly MachinePlan Small = new(24)
    {
        PagingFiles = [new PagingFilePlan(64)],
        Policy = new MemoryPolicy
        {
            Quantum = 1,
            CheckEveryAccess = true,
            LowAvailable = 1,
            PlentyAvailable = 1,
            ModifiedMaximum = 1_000,
            ZeroThreadWake = 1_000,
            FrameCache = 0,
        },
    };

    /// <summary>Page tables of a process with one region.</summary>
    public const int Tables = 4;

    private const int LongestStory = 20_000;

    private readonly StagedMachine _machine;
    private readonly List<StagedTurn> _turns = [];
    private readonly List<(int Kind, ActorId? To)> _held = [];
    private readonly List<StagedProcess> _processes = [];
    private readonly List<Errand> _errands = [];
    private readonly StampLedger _ledger = new();
    private readonly Queue<int> _choices = new();

    public RaceStage(MachinePlan? plan = null, DeliveryModel model = DeliveryModel.Fifo, Func<Cast, ActorId, IActor, IActor?>? dress = null, bool oneWriter = false)
    {
        var options = new SteppedOptions
        {
            Model = model,
            TimerFirings = int.MaxValue,
            TurnListeners = [this],
            FactListeners = [_ledger],
            Outside = this,
            Chooser = this,
        };
        _machine = new StagedMachine(plan ?? Small, options, dress: dress, oneWriter: oneWriter);
    }

    public StagedMachine Machine => _machine;

    public Cast Cast => _machine.Cast;

    /// <summary>The story so far, for failures.</summary>
    public string Transcript => Races.Transcript.Of(_turns, _machine.NameOf);

    public PageLocation LocationOf(Pfn frame) =>
        Stated<FrameMoved>().Where(fact => fact.Pfn == frame).Select(fact => fact.To).LastOrDefault(PageLocation.Zeroed);

    /// <summary>A process with a committed region, whose tables are built by the first access; its own thread has ended.</summary>
    public StagedProcess Start(int pages = 8, PageProtection protection = PageProtection.ReadWrite) =>
        Start(new ProcessPlan("staged", [new FixedProgram(Step.Allocate(pages, protection))]) { Lingers = true });

    public StagedProcess Start(ProcessPlan plan)
    {
        var process = new Process(_machine.Environment, plan, _processes.Count);
        var staged = new StagedProcess(this, process, _machine.Host.Create(process, Role.Device));
        _processes.Add(staged);
        Inject(staged.Id, new StartProcess());
        Settle();
        return staged;
    }

    /// <summary>Puts a word of the test's own on its way.</summary>
    public void Inject<T>(ActorId to, T message)
        where T : unmanaged, IMessage => _machine.Host.Inject(to, Message.Of(message));

    /// <summary>The process has been told to give up so many pages, any of them; the word is on its way.</summary>
    public void AskToTrim(StagedProcess process, int pages)
    {
        Inject(Cast.WorkingSetManager, new TrimByTest(process.Id, pages, Pass: 4, BelowMinimum: 1));
        Deliver<TrimByTest>();
    }

    /// <summary>The process has given up so many pages, and everything has followed from it.</summary>
    public void Trim(StagedProcess process, int pages = 1)
    {
        AskToTrim(process, pages);
        Deliver<TrimWorkingSet>(process);
        Settle();
    }

    /// <summary>The modified list is to be written; everything follows that is not held.</summary>
    public void Flush()
    {
        Inject(Cast.PfnDatabase, new FlushModified());
        Settle();
    }

    /// <summary>All pages of the process have gone to the paging file, and their frames to others, who have gone too.</summary>
    public void PageOut(StagedProcess process, int pages = 1)
    {
        Trim(process, pages);
        PageOutHinted(process, pages);
    }

    /// <summary>The same for pages that were trimmed already.</summary>
    public void PageOutHinted(StagedProcess process, int pages = 1)
    {
        Flush();
        TakeAllFrames().Exits();
        LetGo<LowMemory>();
        Settle();
        Stated<PageRepurposed>().Count(fact => fact.Owner == process.Id).ShouldBeGreaterThanOrEqualTo(pages, $"pages are paged out{Transcript}");
    }

    /// <summary>
    /// A process that has stored to as many pages as there were available frames, but for some. From here on the working-set manager
    /// is not told that memory is low.
    /// </summary>
    /// <param name="but">How many frames it leaves available.</param>
    /// <param name="spare">How many pages of it have no frame to be in.</param>
    public StagedProcess TakeAllFrames(int but = 0, int spare = 0)
    {
        Hold<LowMemory>();
        var hog = Start(_machine.Frames.Available - Tables + spare);
        for (int page = 0; _machine.Frames.Available >= but + (page == 0 ? Tables + 1 : 1); page++)
        {
            hog.Does(Step.Store(page));
        }

        _machine.Frames.Available.ShouldBe(but, Transcript);
        return hog;
    }

    /// <summary>How many pages the process has: the number of its first page that it has not touched, when it began at 0.</summary>
    public int PagesTaken(StagedProcess process) => process.Process.WorkingSetPages;

    public void Hold<T>(ActorId? to = null)
        where T : unmanaged, IMessage => _held.Add((T.Kind, to));

    public void LetGo<T>()
        where T : unmanaged, IMessage => _held.RemoveAll(held => held.Kind == T.Kind);

    /// <summary>How many of these are on their way, timers included.</summary>
    public int OnTheirWay<T>(ActorId? to = null)
        where T : unmanaged, IMessage => Count(_machine.Host.Pending, T.Kind, to) + Count(_machine.Host.PendingTimers, T.Kind, to);

    /// <summary>Delivers the oldest of these words, held or not.</summary>
    public StagedTurn Deliver<T>(ActorId? to = null)
        where T : unmanaged, IMessage
    {
        for (int index = 0; index < _machine.Host.DeliverableCount; index++)
        {
            if (IsFor(in _machine.Host.Deliverable(index), T.Kind, to))
            {
                return Take(index);
            }
        }

        string whose = to is { } receiver ? $" to {_machine.NameOf(receiver)}" : "";
        string why = OnTheirWay<T>(to) > 0 ? "has to wait for an earlier one" : "is not on its way";
        throw new InvalidOperationException($"{typeof(T).Name}{whose} {why}{Transcript}");
    }

    /// <summary>Delivers everything that is not held, oldest first; of timers only the devices'.</summary>
    public void Settle()
    {
        long last = _turns.Count + LongestStory;
        while (NextUnheld() is >= 0 and var index)
        {
            Take(index);
            ((long)_turns.Count).ShouldBeLessThan(last, $"the story comes to no end{Transcript}");
        }
    }

    /// <summary>The next question of an actor gets this answer; otherwise 0, or the last there is.</summary>
    public void Choose(int answer) => _choices.Enqueue(answer);

    /// <summary>All facts of one kind, in order.</summary>
    public IReadOnlyList<T> Stated<T>()
        where T : unmanaged, IFact => [.. _turns.SelectMany(turn => turn.Stated<T>())];

    /// <summary>Those that one actor has stated.</summary>
    public IReadOnlyList<T> StatedBy<T>(ActorId actor)
        where T : unmanaged, IFact => [.. _turns.Where(turn => turn.Actor == actor).SelectMany(turn => turn.Stated<T>())];

    /// <summary>Whether the segment has given everything back.</summary>
    public bool Ended(ActorId segment) => StatedBy<SegmentEnded>(segment).Count > 0;

    /// <summary>All messages of one kind that were sent, in order.</summary>
    public IReadOnlyList<T> Sent<T>()
        where T : unmanaged, IMessage => [.. _turns.SelectMany(turn => turn.Sent<T>())];

    /// <summary>The one fact of its kind, in the whole story.</summary>
    public T StatedOnce<T>()
        where T : unmanaged, IFact => Stated<T>().ShouldHaveSingleItem(Transcript);

    /// <summary>
    /// Lets everything happen that is still on its way, reads back every page that was stored to, and ends all processes: every
    /// specification held all the time, each page contained what was last stored to it, and nothing is left over.
    /// </summary>
    /// <param name="situations">What must have been seen, in the specifications' words.</param>
    public void EndsWell(params ReadOnlySpan<string> situations)
    {
        _held.Clear();
        Settle();
        RestWell();
        foreach (var process in _processes.Where(process => process.IsThere))
        {
            process.ReadBack(_ledger);
        }

        RestWell();
        foreach (var process in _processes.Where(process => process.IsThere))
        {
            process.Exits();
        }

        Settle();
        CloseSections();
        RestWell();
        _machine.ShouldBeEmpty(Transcript);
        foreach (string situation in situations)
        {
            var seen = _machine.Specifications.Sometimes.Where(known => known.Name == situation).ToList();
            seen.ShouldNotBeEmpty($"no specification waits for \"{situation}\"");
            seen.Sum(known => known.Count).ShouldBeGreaterThan(0, $"never seen: {situation}{Transcript}");
        }
    }

    void ITurnListener.Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox) =>
        _turns.Add(new StagedTurn(turn, delivery, outbox));

    void IOutsideListener.Left(in Delivery delivery)
    {
        if (delivery.Kind == Performed.Kind)
        {
            var performed = delivery.Read<Performed>();
            _errands[(int)performed.Request].End(performed.Status);
        }
        else if (delivery.Kind == CallReturned.Kind)
        {
            var returned = delivery.Read<CallReturned>();
            _errands[(int)returned.Request].End(returned.Status);
        }
        else if (delivery.Kind == SectionCreated.Kind)
        {
            _created = delivery.Read<SectionCreated>();
        }
        else if (delivery.Kind == FileReturned.Kind)
        {
            _returned = delivery.Read<FileReturned>();
        }
    }

    int IChooser.Choose(in ChoicePoint point) => Math.Min(_choices.TryDequeue(out int answer) ? answer : 0, point.Alternatives - 1);

    /// <summary>An operation for a thread of its own; the word is on its way.</summary>
    public Errand Entrust(StagedProcess process, Operation operation)
    {
        var errand = new Errand(this, process, $"{operation.Kind}");
        _errands.Add(errand);
        Inject(process.Id, new Perform(operation, (uint)(_errands.Count - 1)));
        return errand;
    }

    /// <summary>A call for a thread of its own, which has all its words.</summary>
    public Errand Entrust(StagedProcess process, BeginCall call, params IReadOnlyList<ulong> words)
    {
        var errand = new Errand(this, process, $"{call.Service}");
        _errands.Add(errand);
        uint request = (uint)(_errands.Count - 1);
        ulong[] padded = [.. words, 0, 0];
        int parts = (words.Count + 2) / 3;
        Inject(process.Id, call with { Request = request, Parts = (byte)parts });
        Deliver<BeginCall>(process.Id);
        for (int part = 0; part < parts; part++)
        {
            Inject(process.Id, new CallWords(padded[part * 3], padded[(part * 3) + 1], padded[(part * 3) + 2], request, part));
            Deliver<CallWords>(process.Id);
        }

        return errand;
    }

    private StagedTurn Take(int index)
    {
        try
        {
            _machine.Host.Deliver(index);
        }
        catch (MachineStoppedException stop)
        {
            throw new InvalidOperationException($"{stop.Message}{Transcript}", stop);
        }

        return _turns[^1];
    }

    private int NextUnheld()
    {
        for (int index = 0; index < _machine.Host.DeliverableCount; index++)
        {
            ref readonly var next = ref _machine.Host.Deliverable(index);
            if (!IsHeld(in next) && (!next.IsTimer || next.Delivery.Kind is TransferDone.Kind or FileTransferDone.Kind))
            {
                return index;
            }
        }

        return -1;
    }

    private bool IsHeld(in PendingMessage message)
    {
        foreach (var (kind, to) in _held)
        {
            if (IsFor(in message, kind, to))
            {
                return true;
            }
        }

        return false;
    }

    private void RestWell()
    {
        _machine.Host.Pending.Length.ShouldBe(0, $"something is still on its way{Transcript}");
        _machine.Specifications.Quiesced();
        _machine.Specifications.Violations.ShouldBeEmpty(Transcript);
    }

    private static int Count(ReadOnlySpan<PendingMessage> messages, int kind, ActorId? to)
    {
        int count = 0;
        foreach (ref readonly var message in messages)
        {
            count += IsFor(in message, kind, to) ? 1 : 0;
        }

        return count;
    }

    private static bool IsFor(in PendingMessage message, int kind, ActorId? to) =>
        message.Delivery.Kind == kind && (to is null || message.To == to);
}
