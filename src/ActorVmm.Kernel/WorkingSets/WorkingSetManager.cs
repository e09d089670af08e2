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
/// A round that found nothing is not repeated before the tick, or a working set has grown, or a resort more is allowed: it would only
/// find nothing again. After each word of LowMemory the PFN database is asked for its numbers at least once: before that it says no
/// other.
/// </summary>
public sealed partial class WorkingSetManager : IActor
{
    private readonly ActorId _frames;
    private readonly Ticks _period;
    private readonly Ticks _operation;

    private readonly TrimCandidates _processes = new();
    private readonly MemoryOutlook _memory;
    private Phase _phase;

    private bool _atTick;
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
        codec.Field("at tick", ref _atTick);
        EncodeRound(codec);
        codec.Field("ticking", ref _ticking);
        codec.Field("tick", ref _tick);
    }

    private void WorkingSetChanged(ActorId process, WorkingSetChanged changed, Outbox outbox)
    {
        bool grew = _processes.Learn(process, in changed);
        if (grew && _triedInVain > 0)
        {
            // Now there is something to find. Without requests that wait, the next word of the PFN database is early enough.
            _triedInVain = 0;
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
        if (_phase == Phase.Resting)
        {
            BeginOrLook(outbox);
        }
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
        _processes.Learn(row, in trimmed);
        candidate.AskedInVain += _stage >= BelowMinimum && trimmed.Trimmed == 0 ? 1 : 0;
        _trimmed += trimmed.Trimmed;
        _changed |= trimmed.Trimmed > 0;
        Answered(1, outbox);
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

        if (_atTick)
        {
            _atTick = false;
            _memory.Compare();
            for (int row = 0; row < _processes.Count; row++)
            {
                _processes[row].AskedInVain = 0;
            }
        }

        if (_memory.IsShort && IsWorthwhile)
        {
            BeginRound(outbox);
        }
    }

    private bool LookIfLow(Outbox outbox)
    {
        bool looks = _memory.IsShort && _phase == Phase.Resting;
        if (looks)
        {
            Look(outbox);
        }

        return looks;
    }

    private void Look(Outbox outbox)
    {
        _phase = Phase.Looking;
        outbox.Send(_frames, new ReportAvailable());
    }

    private void ManagerTick(ActorId sender, Outbox outbox)
    {
        if (_ticking && sender != outbox.Self)
        {
            return;
        }

        _ticking = true;
        _tick = outbox.StartTimer(_period, new ManagerTick());
        _triedInVain = 0;
        _atTick |= LookIfLow(outbox);
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
