using ActorVmm.Kernel.Frames;

namespace ActorVmm.Kernel.WorkingSets;

/// <summary>
/// Takes pages from working sets when memory is short (fact book §18). It knows of processes what they report, and talks only to
/// those it will trim.
/// <code>
/// 1. LowMemory            the PFN database is short of pages; or the one-second tick finds that it still is
/// 2. RecallFrames         to processes that keep frames ready, as many as needed
/// 3. TrimWorkingSet       idle before busy, large before small, to as few as needed; on pass k pages of age 3 − k go
/// 4. WorkingSetTrimmed    from all of them; a process that leaves counts as having answered
/// 5. ReportAvailable      what that has brought; while it is not plenty, on with the next pass from 3, asking more processes
/// 6. The last resorts     in turn: pages in use when memory is really short; when requests wait, pages below minimum, and pages of
///                         processes that replace their own
/// </code>
/// A round that found nothing is not repeated before the tick, or before a working set has grown: it would only find nothing again.
/// </summary>
public sealed class WorkingSetManager : IActor
{
    /// <summary>The pass that takes any page that is not locked.</summary>
    private const int AnyAge = 4;
    private const int BelowMinimum = 5;
    private const int SelfReplacing = 6;

    private readonly ActorId _frames;
    private readonly Ticks _period;
    private readonly Ticks _operation;

    private readonly TrimCandidates _processes = new();
    private readonly MemoryOutlook _memory;
    private Phase _phase;
    private bool _foundNothing;

    // The round: processes in the order of asking, and how far it has come.
    private readonly TrimOrder _order = new();
    private int _next;
    private int _stage;
    private int _breadth;
    private int _goal;
    private int _unanswered;
    private int _trimmed;
    private bool _changed;

    private bool _ticking;
    private TimerId _tick;

    public WorkingSetManager(MachinePlan plan, Cast cast)
    {
        _frames = cast.PfnDatabase;
        _memory = new MemoryOutlook(MemoryThresholds.For(plan.Frames, plan.Policy), canWrite: cast.PagingFiles.Count > 0);
        _period = plan.Policy.ManagerPeriod;
        _operation = new Ticks(plan.Costs.FrameOperation);
    }

    private enum Phase : byte
    {
        Resting,
        Trimming, // some processes have not answered yet
        Reviewing, // the PFN database has been asked what the trimming has brought
        Looking, // the PFN database has been asked whether memory is still short
        Emptying, // by order of the operator, everybody is giving up everything
    }

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        switch (delivery.Kind)
        {
            case Protocol.WorkingSetChanged.Kind: WorkingSetChanged(delivery.Sender, delivery.Read<WorkingSetChanged>(), outbox); break;
            case Protocol.ProcessLeaves.Kind: ProcessLeaves(delivery.Sender, outbox); break;
            case Protocol.LowMemory.Kind: LowMemory(delivery.Read<LowMemory>(), outbox); break;
            case Protocol.WorkingSetTrimmed.Kind: WorkingSetTrimmed(delivery.Sender, delivery.Read<WorkingSetTrimmed>(), outbox); break;
            case Protocol.AvailableReported.Kind: AvailableReported(delivery.Read<AvailableReported>(), outbox); break;
            case Protocol.ManagerTick.Kind: ManagerTick(delivery.Sender, outbox); break;
            case Protocol.EmptyWorkingSets.Kind: EmptyWorkingSets(outbox); break;
            case Protocol.StopTicking.Kind: StopTicking(outbox); break;
            default: throw Impossible.Message(delivery, "the working-set manager");
        }
    }

    public void Encode(StateCodec codec)
    {
        _processes.Encode(codec);
        _memory.Encode(codec);
        codec.Field("phase", ref _phase);
        codec.Field("found nothing", ref _foundNothing);
        _order.Encode(codec);
        codec.Field("next", ref _next);
        codec.Field("stage", ref _stage);
        codec.Field("breadth", ref _breadth);
        codec.Field("goal", ref _goal);
        codec.Field("unanswered", ref _unanswered);
        codec.Field("trimmed", ref _trimmed);
        codec.Field("changed", ref _changed);
        codec.Field("ticking", ref _ticking);
        codec.Field("tick", ref _tick);
    }

    private void WorkingSetChanged(ActorId process, WorkingSetChanged changed, Outbox outbox)
    {
        bool grew = _processes.FindOrAdd(process).Learn(in changed);
        if (grew && _foundNothing)
        {
            // Now there is something to find. Without requests that wait, the next word of the PFN database is early enough.
            _foundNothing = false;
            if (_memory.Waiters > 0)
            {
                LookIfLow(outbox);
            }
        }
    }

    private void ProcessLeaves(ActorId process, Outbox outbox)
    {
        int row = _processes.Find(process);
        if (row < 0)
        {
            return;
        }

        int asked = _processes[row].Asked;
        _processes.Remove(row);
        _changed = true;
        Answered(asked, outbox);
    }

    private void LowMemory(LowMemory word, Outbox outbox)
    {
        _memory.Learn(word.Available, word.Modified, word.Waiters);
        if (_phase == Phase.Resting && !_foundNothing)
        {
            BeginRound(outbox);
        }
    }

    private void BeginRound(Outbox outbox)
    {
        _goal = _memory.Missing;
        _stage = 0;
        _next = 0;
        _breadth = 1;
        _changed = false;
        _order.Set(_processes);
        Recall(outbox);
        AskMore(outbox);
    }

    private void Recall(Outbox outbox)
    {
        for (int row = 0; row < _processes.Count && _goal > 0; row++)
        {
            ref TrimCandidate candidate = ref _processes[row];
            if (candidate.Kept > 0)
            {
                _goal -= candidate.Kept;
                _changed = true;
                candidate.Kept = 0;
                outbox.Spend(_operation);
                outbox.Send(candidate.Process, new RecallFrames());
            }
        }
    }

    /// <summary>Asks the next processes to give up pages; when nobody is left to ask, the round is over.</summary>
    private void AskMore(Outbox outbox)
    {
        if (_goal <= 0)
        {
            Review(outbox);
            return;
        }

        while (IsAllowed(_stage))
        {
            if (AskSome(outbox))
            {
                _phase = Phase.Trimming;
                return;
            }

            _stage++;
            _next = 0;
        }

        EndRound();
    }

    private bool IsAllowed(int stage) => stage switch
    {
        < AnyAge => true,
        AnyAge => _memory.IsShort,
        <= SelfReplacing => _memory.Waiters > 0,
        _ => false,
    };

    /// <summary>Asks as few processes as have the goal among them, and not fewer than in the pass before.</summary>
    private bool AskSome(Outbox outbox)
    {
        int end = _next;
        int count = 0;
        long surplus = 0;
        for (; end < _order.Count && (surplus < _goal || count < _breadth); end++)
        {
            int pages = SurplusOf(end);
            surplus += pages;
            count += pages > 0 ? 1 : 0;
        }

        if (count == 0)
        {
            return false;
        }

        outbox.State(new TrimRoundBegan(_goal, Math.Min(_stage, AnyAge), count, _memory.Available));
        _trimmed = 0;
        long wanted = _goal;
        for (; _next < end; _next++)
        {
            int pages = SurplusOf(_next);
            if (pages > 0)
            {
                // At first the first one gives all it can. Later, when that was not enough, all give equal shares, and those that have
                // more make up for those that have less.
                surplus -= pages;
                long fair = _breadth == 1 ? wanted : (wanted + count - 1) / count;
                long share = Math.Min(pages, Math.Max(fair, wanted - surplus));
                wanted -= share;
                count--;
                Ask(_processes.Find(_order[_next]), (int)share, outbox);
            }
        }

        return true;
    }

    /// <summary>Pages that may be taken in this stage from the process at one place of the order.</summary>
    private int SurplusOf(int place)
    {
        int row = _processes.Find(_order[place]);
        return row < 0 || _processes[row].ReplacesItself != (_stage == SelfReplacing) ? 0 : _processes[row].Surplus(_stage >= BelowMinimum);
    }

    private void Ask(int row, int pages, Outbox outbox)
    {
        ref TrimCandidate candidate = ref _processes[row];
        candidate.Asked++;
        _unanswered++;
        outbox.Spend(_operation);
        outbox.Send(candidate.Process, new TrimWorkingSet(pages, Math.Min(_stage, AnyAge), _stage >= BelowMinimum ? 1 : 0));
    }

    private void WorkingSetTrimmed(ActorId process, WorkingSetTrimmed trimmed, Outbox outbox)
    {
        int row = _processes.Find(process);
        if (row < 0)
        {
            return;
        }

        ref TrimCandidate candidate = ref _processes[row];
        Invariant.Holds(candidate.Asked > 0, "a process says that it was trimmed once for each time it was asked");
        candidate.Asked--;
        candidate.Pages = trimmed.Pages;
        candidate.Kept = trimmed.Kept;
        _trimmed += trimmed.Trimmed;
        _changed |= trimmed.Trimmed > 0;
        Answered(1, outbox);
    }

    private void Answered(int answers, Outbox outbox)
    {
        _unanswered -= answers;
        if (answers == 0 || _unanswered > 0)
        {
            return;
        }

        outbox.State(new TrimRoundEnded(_trimmed, _goal, Math.Min(_stage, AnyAge)));
        if (_phase == Phase.Trimming)
        {
            Review(outbox);
        }
        else if (_phase == Phase.Emptying)
        {
            _phase = Phase.Resting;
            LookIfLow(outbox);
        }
    }

    private void Review(Outbox outbox)
    {
        _phase = Phase.Reviewing;
        outbox.Send(_frames, new ReportAvailable());
    }

    private void AvailableReported(AvailableReported word, Outbox outbox)
    {
        Invariant.Holds(_phase is Phase.Reviewing or Phase.Looking, "the PFN database reports when it is asked");
        bool looking = _phase == Phase.Looking;
        _phase = Phase.Resting;
        _memory.Learn(word.Available, word.Modified, word.Waiters);
        if (!looking)
        {
            GoOn(outbox);
            return;
        }

        _memory.Compare();
        if (_memory.IsShort)
        {
            BeginRound(outbox);
        }
    }

    /// <summary>After a pass: the next one unless there is plenty. The last resorts go through all processes before the next resort.</summary>
    private void GoOn(Outbox outbox)
    {
        _goal = _memory.Missing;
        if (_goal <= 0)
        {
            _foundNothing = false;
            return;
        }

        if (_stage < AnyAge)
        {
            _stage++;
            _next = 0;
            _breadth *= 2;
        }

        AskMore(outbox);
    }

    private void EndRound()
    {
        _phase = Phase.Resting;
        _foundNothing = !_changed;
    }

    private void LookIfLow(Outbox outbox)
    {
        if (_memory.IsShort && _phase == Phase.Resting)
        {
            _phase = Phase.Looking;
            outbox.Send(_frames, new ReportAvailable());
        }
    }

    private void ManagerTick(ActorId sender, Outbox outbox)
    {
        if (_ticking && sender != outbox.Self)
        {
            return;
        }

        _ticking = true;
        _tick = outbox.StartTimer(_period, new ManagerTick());
        _foundNothing = false;
        LookIfLow(outbox);
    }

    private void StopTicking(Outbox outbox)
    {
        if (_ticking)
        {
            _ticking = false;
            outbox.CancelTimer(_tick);
        }
    }

    private void EmptyWorkingSets(Outbox outbox)
    {
        if (_processes.Count == 0)
        {
            return;
        }

        if (_phase == Phase.Resting)
        {
            _phase = Phase.Emptying;
            _stage = AnyAge;
            _trimmed = 0;
        }

        // A round under way sets its goal anew when all have answered.
        _goal = 0;
        for (int row = 0; row < _processes.Count; row++)
        {
            ref TrimCandidate candidate = ref _processes[row];
            candidate.Asked++;
            _unanswered++;
            _goal += candidate.Pages;
            outbox.Spend(_operation);
            outbox.Send(candidate.Process, new TrimWorkingSet(int.MaxValue, AnyAge, BelowMinimum: 1));
        }

        outbox.State(new TrimRoundBegan(_goal, AnyAge, _processes.Count, _memory.Available));
    }
}
