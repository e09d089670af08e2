using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;
using ActorVmm.Kernel.Frames;
using ActorVmm.Kernel.WorkingSets;

namespace ActorVmm.Kernel;

/// <summary>
/// A process: its address space, its working set, and its threads. A turn of it is the working-set lock held. Its life: 1. started,
/// its threads run in quanta, each access through the TLB or a page walk; 2. an access that cannot be translated is a page fault
/// (Faults/PageFault.cs), and every wait ends in a retry from the beginning; 3. memory calls change the address space
/// (MemoryCalls.cs); 4. it is asked to give up pages (WorkingSets/Trimming.cs); 5. it exits (ProcessExit.cs).
/// This file is the process as an actor: what it hears, and how its threads take turns; some of them are visitors' (Visitors.cs).
/// </summary>
public sealed partial class Process : IActor
{
    private const int Window = 64;

    private readonly ProcessEnvironment _machine;
    private readonly ProcessPlan _plan;
    private readonly int _serial;
    private readonly bool _hasThreadPriorities;
    private AddressSpace? _space;
    private ThreadState[] _threads = [];
    private ProcessCounters? _counters;
    private int _threadCount;
    private int _lastThread;
    private int _running;
    private NtStatus _exitStatus;
    private ProcessState _state;
    private bool _runQueued;
    private bool _framesAsked;
    private bool _chargeAsked;
    private bool _reported;
    private bool _workingSetMoved;

    /// <summary>Creates a process that does nothing until it hears <see cref="Protocol.StartProcess"/>.</summary>
    /// <param name="machine">What all processes share.</param>
    /// <param name="plan">Its programs and limits.</param>
    /// <param name="serial">Its number among the processes started; unique.</param>
    public Process(ProcessEnvironment machine, ProcessPlan plan, int serial)
    {
        _machine = machine;
        _plan = plan;
        _serial = serial;
        _hasThreadPriorities = plan.ThreadMemoryPriorities.Count > 0;
    }

    public ProcessPlan Plan => _plan;

    public int Serial => _serial;

    public ProcessState State => _state;

    /// <summary>Page accesses its threads have completed, or got an exception for.</summary>
    public long Accesses => _counters?.Accesses ?? 0;

    /// <summary>Accesses that faulted, each counted once.</summary>
    public long PageFaults => _counters?.PageFaults ?? 0;

    /// <summary>The same by kind; page-table faults are extra.</summary>
    public ReadOnlySpan<long> Faults => _counters is null ? default : _counters.Faults;

    public int WorkingSetPages => _space?.WorkingSet.Count ?? 0;

    public int PeakWorkingSetPages => _counters?.PeakWorkingSetPages ?? 0;

    /// <summary>Zeroed frames it keeps ready; they count as zeroed.</summary>
    public int FramesKept => _space?.Kept.Count ?? 0;

    /// <summary>Pages charged to its private memory.</summary>
    public ulong PrivateCommit => _space?.PrivateCommit ?? 0;

    /// <summary>Pages of address space that are allocated.</summary>
    public ulong VirtualPages => _space?.VirtualPages ?? 0;

    private AddressSpace Space => _space ??= new AddressSpace(SelfMap.Of(_machine.Platform.Architecture));

    private ProcessCounters Counters => _counters ??= new ProcessCounters();

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        switch (delivery.Kind)
        {
            case Protocol.RunThreads.Kind: _now = delivery.Now; RunThreads(outbox); break;
            case Protocol.FramesGranted.Kind: FramesGranted(delivery.Read<FramesGranted>().Frames, outbox); break;
            case Protocol.SoftFaultAnswered.Kind: SoftFaultAnswered(delivery.Read<SoftFaultAnswered>(), outbox); break;
            case Protocol.ReadFramesGranted.Kind: ReadFramesGranted(delivery.Read<ReadFramesGranted>(), outbox); break;
            case Protocol.PageRead.Kind: PageRead(delivery.Read<PageRead>(), outbox); break;
            case Protocol.PrototypeMapped.Kind: PrototypeMapped(delivery.Read<PrototypeMapped>(), outbox); break;
            case Protocol.PrototypeCopied.Kind: PrototypeCopied(delivery.Read<PrototypeCopied>(), outbox); break;
            case Protocol.SharedAccessed.Kind: SharedAccessed(delivery.Read<SharedAccessed>()); break;
            case Protocol.SectionCreated.Kind: SectionOpened(delivery.Read<SectionCreated>(), outbox); break;
            case Protocol.ViewMapped.Kind: ViewMapped(delivery.Read<ViewMapped>(), outbox); break;
            case Protocol.ViewRun.Kind: ViewRun(delivery.Read<ViewRun>()); break;
            case Protocol.SectionAnswered.Kind: SectionAnswered(delivery.Read<SectionAnswered>()); break;
            case Protocol.CommitAnswered.Kind: CommitAnswered(delivery.Read<CommitAnswered>(), outbox); break;
            case Protocol.TrimWorkingSet.Kind: TrimWorkingSet(delivery.Read<TrimWorkingSet>(), outbox); break;
            case Protocol.RecallFrames.Kind: RecallFrames(outbox); break;
            case Protocol.ThreadWakes.Kind: ThreadWakes(delivery.Read<ThreadWakes>().Thread, outbox); break;
            case Protocol.Perform.Kind: Perform(delivery.Sender, delivery.Read<Perform>(), outbox); break;
            case Protocol.QueryMemory.Kind: QueryMemory(delivery.Sender, delivery.Read<QueryMemory>(), outbox); break;
            case Protocol.BeginCall.Kind: BeginCall(delivery.Sender, delivery.Read<BeginCall>(), outbox); break;
            case Protocol.CallWords.Kind: CallWords(delivery.Sender, delivery.Read<CallWords>(), outbox); break;
            case Protocol.RowGranted.Kind: RowGranted(delivery.Read<RowGranted>(), outbox); break;
            case Protocol.PagesLocked.Kind: PagesLocked(delivery.Read<PagesLocked>(), outbox); break;
            case Protocol.CopyBytes.Kind: CopyBytes(delivery.Sender, delivery.Read<CopyBytes>(), outbox); break;
            case Protocol.BytesCopied.Kind: BytesCopied(delivery.Read<BytesCopied>(), outbox); break;
            case Protocol.FileReturned.Kind: FileReturned(delivery.Read<FileReturned>(), outbox); break;
            case Protocol.RequestCompleted.Kind: RequestCompleted(delivery.Read<RequestCompleted>(), outbox); break;
            case Protocol.TouchAtDispatch.Kind: TouchAtDispatch(delivery.Sender, delivery.Read<TouchAtDispatch>(), outbox); break;
            case Protocol.ContextLeft.Kind: Space.Unanswered--; break;
            case Protocol.OutswapStack.Kind: OutswapStack(delivery.Read<OutswapStack>(), outbox); break;
            case Protocol.LargePageGranted.Kind: LargePageGranted(delivery.Read<LargePageGranted>(), outbox); break;
            case Protocol.PoolAnswered.Kind: PoolAnswered(delivery.Read<PoolAnswered>(), outbox); break;
            case Protocol.FrameHasFailed.Kind: FrameHasFailed(delivery.Read<FrameHasFailed>().Pfn, outbox); break;
            case Protocol.StartProcess.Kind: StartProcess(outbox); break;
            case Protocol.ExitProcess.Kind: Exit(delivery.Read<ExitProcess>().Status, outbox); break;
            default: throw new BugCheckException(0, FormattableString.Invariant($"process {_serial} got message {delivery.Kind} from {delivery.Sender}, which it does not understand"));
        }

        EndTurn(outbox);
    }

    public void Encode(StateCodec codec)
    {
        if (codec.Restoring)
        {
            // What is not in the state is its architecture.
            _ = Space;
        }

        codec.Part("address space", ref _space);
        codec.Rows("threads", ref _threads, ref _threadCount);
        codec.Part("counters", ref _counters);
        codec.Field("last thread", ref _lastThread);
        codec.Field("running threads", ref _running);
        codec.Field("exit status", ref _exitStatus);
        codec.Field("state", ref _state);
        codec.Field("run queued", ref _runQueued);
        codec.Field("frames asked", ref _framesAsked);
        codec.Field("charge asked", ref _chargeAsked);
        codec.Field("reported", ref _reported);
    }

    private void StartProcess(Outbox outbox)
    {
        if (_state != ProcessState.Created)
        {
            // It was told to exit before it could start.
            return;
        }

        _state = ProcessState.Running;
        _threadCount = _plan.Threads.Count;
        _running = _threadCount;
        _threads = new ThreadState[_threadCount];
        outbox.State(new ProcessStarted(_serial, _threadCount));
        if (_plan.Job > 0)
        {
            outbox.Send(_machine.Cast.SystemSpace, new JoinJob(_plan.Job));
        }
    }

    /// <summary>One thread runs for a quantum. Where the machine is explored, which one is a choice.</summary>
    private void RunThreads(Outbox outbox)
    {
        _runQueued = false;
        if (_state != ProcessState.Running)
        {
            return;
        }

        int thread = NextThread(outbox);
        if (thread >= 0)
        {
            _lastThread = thread;
            SwitchContext(outbox);
            BecomeCurrent(outbox);
            if (HasKernelStack(thread, outbox))
            {
                RunQuantum(thread, outbox);
            }
        }
    }

    /// <summary>The next thread in turn that can run, or −1.</summary>
    private int NextThread(Outbox outbox)
    {
        if (_machine.Policy.ChooseThreads)
        {
            return ChosenThread(outbox);
        }

        for (int i = 1; i <= _threadCount; i++)
        {
            int thread = (_lastThread + i) % _threadCount;
            if (_threads[thread].Wait == ThreadWait.None)
            {
                return thread;
            }
        }

        return -1;
    }

    private int ChosenThread(Outbox outbox)
    {
        int ready = 0;
        for (int thread = 0; thread < _threadCount; thread++)
        {
            ready += _threads[thread].Wait == ThreadWait.None ? 1 : 0;
        }

        int chosen = ready > 1 ? outbox.Choose(ready) : 0;
        for (int thread = 0; thread < _threadCount; thread++)
        {
            if (_threads[thread].Wait == ThreadWait.None && chosen-- == 0)
            {
                return thread;
            }
        }

        return -1;
    }

    private void RunQuantum(int thread, Outbox outbox)
    {
        Span<Operation> scratch = stackalloc Operation[Window];
        int budget = _machine.Policy.Quantum;
        while (budget > 0 && _threads[thread].Wait == ThreadWait.None && _state == ProcessState.Running)
        {
            ref ThreadState state = ref _threads[thread];
            if (state.Position == 0 && CallOf(thread) is { } row)
            {
                budget--;
                Call(thread, new MemoryRequest(row), outbox);
                continue;
            }

            ReadOnlySpan<Operation> operations = Upcoming(thread, scratch);
            if (operations.IsEmpty)
            {
                EndThread(thread, outbox);
                return;
            }

            if (!operations[0].IsAccess)
            {
                budget--;
                RunOther(thread, operations[0], outbox);
                continue;
            }

            int done = RunAccesses(thread, operations[..Math.Min(operations.Length, budget)], outbox);
            state.Position += done;
            budget -= done;
        }
    }

    private ReadOnlySpan<Operation> Upcoming(int thread, Span<Operation> scratch)
    {
        long position = _threads[thread].Position;
        if (thread < _plan.Threads.Count)
        {
            return _plan.Threads[thread].Read(position, scratch);
        }

        scratch[0] = VisitorOf(thread).Operation;
        return scratch[..(position == 0 ? 1 : 0)];
    }

    /// <summary>An operation that is no access: a memory call, a pause, the end.</summary>
    private void RunOther(int thread, Operation operation, Outbox outbox)
    {
        switch (operation.Kind)
        {
            case OperationKind.Idle:
                _threads[thread].Position++;
                _threads[thread].Wait = ThreadWait.Pause;
                _threads[thread].Timer = outbox.StartTimer(new Ticks((long)operation.Argument), new ThreadWakes(thread));
                NoteLongWait(thread, new Ticks((long)operation.Argument), outbox);
                break;
            case OperationKind.Exit:
                Exit(NtStatus.Success, outbox);
                break;
            case OperationKind.SetMemoryPriority:
                _threads[thread].Position++;
                (Space.Priorities ??= new ThreadPriorities()).Set(thread, (byte)Math.Min(operation.Argument, 7UL));
                break;
            case OperationKind.Reserve or OperationKind.Commit or OperationKind.ReserveCommit or OperationKind.Decommit
                or OperationKind.Release or OperationKind.Protect or OperationKind.SetStack or OperationKind.AllocatePool or OperationKind.FreePool
                or OperationKind.AllocateLarge or OperationKind.MapView or OperationKind.UnmapView or OperationKind.FlushView:
                Call(thread, new MemoryRequest(operation), outbox);
                break;
            case OperationKind.ReadDevice or OperationKind.WriteDevice:
                AskDevice(thread, operation, outbox);
                break;
            case OperationKind.Read or OperationKind.Write or OperationKind.Execute:
                throw new BugCheckException(0, FormattableString.Invariant($"{operation.Kind} is an access"));
        }
    }

    private void ThreadWakes(int thread, Outbox outbox)
    {
        if (thread < _threadCount && _threads[thread].Wait == ThreadWait.Pause)
        {
            _threads[thread].Wait = ThreadWait.None;
            EndLongWait(thread, outbox);
        }
    }

    private void EndThread(int thread, Outbox outbox)
    {
        ref ThreadState state = ref _threads[thread];
        state.Wait = ThreadWait.Ended;
        if (thread >= _plan.Threads.Count)
        {
            // Other operations are answered where they end; a pause ends here.
            if (VisitorOf(thread) is { Call: null, Operation.Kind: OperationKind.Idle })
            {
                Answer(thread, 0, 0, NtStatus.Success, PageProtection.None, outbox);
            }

            return;
        }

        _running--;
        GiveStackBack(thread, outbox);
        if (_running > 0)
        {
            return;
        }

        outbox.Send(_machine.Cast.Operator, new ProgramsEnded(_serial));
        if (!_plan.Lingers)
        {
            Exit(NtStatus.Success, outbox);
        }
    }

    private void Wake(ThreadWait wait)
    {
        for (int thread = 0; thread < _threadCount; thread++)
        {
            if (_threads[thread].Wait == wait)
            {
                _threads[thread].Wait = ThreadWait.None;
            }
        }
    }

    /// <summary>Whatever the turn was: who can run gets a turn, and who must know of changes is told.</summary>
    private void EndTurn(Outbox outbox)
    {
        if (_state == ProcessState.Exiting)
        {
            FinishExit(outbox);
            return;
        }

        if (_state != ProcessState.Running)
        {
            return;
        }

        if (_space is { MemoryWaiters: > 0 })
        {
            WakeMemoryWaiters(outbox);
        }

        // While a run is on its way, who could run was found out when it was sent.
        bool ready = _runQueued;
        bool mayWaitLong = true;
        for (int thread = 0; thread < _threadCount && !ready; thread++)
        {
            ThreadWait wait = _threads[thread].Wait;
            ready = wait == ThreadWait.None;
            mayWaitLong &= wait is ThreadWait.Pause or ThreadWait.Ended or ThreadWait.Memory or ThreadWait.TableCharge or ThreadWait.Words or ThreadWait.Partner;
        }

        if (ready && !_runQueued)
        {
            _runQueued = true;
            outbox.Send(outbox.Self, default(RunThreads));
        }

        if (_space is null)
        {
            return;
        }

        ReturnUnusedCredits(outbox);
        Report(mayWaitLong && !ready, outbox);
        StateWorkingSet(outbox);
    }
}

/// <summary>The life of a process.</summary>
public enum ProcessState : byte
{
    Created,
    Running,

    /// <summary>It has given back what it could and waits for transfers under way.</summary>
    Exiting,

    Gone,
}

/// <summary>What became of an access.</summary>
internal enum AccessOutcome : byte
{
    Completed,

    /// <summary>An exception reached the thread; it goes on with its next operation.</summary>
    Raised,

    /// <summary>The thread waits and will retry.</summary>
    Waits,
}
