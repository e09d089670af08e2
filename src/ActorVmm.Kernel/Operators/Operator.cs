namespace ActorVmm.Kernel.Operators;

/// <summary>
/// The person at the machine: makes the sections of the scenario, starts and ends processes as it says, and breaks things on time. Without load steps all
/// processes are started once. While a load step lasts, as many processes are alive as it says: missing ones are started, from the
/// plans by turns; of too many the youngest end. After the last step whoever is alive runs to its end; a last step with 0 processes
/// ends all. When everybody has ended or lingers and everything ordered has been done, the machine may rest.
/// </summary>
public sealed partial class Operator : IActor
{
    /// <summary>Processes started or ended in one turn.</summary>
    private const int Batch = 1024;

    private const int HighestPriority = 7;

    private readonly OperatorPlan _plan;
    private readonly Cast _cast;
    private readonly IProcessFactory _factory;

    private readonly ProcessRegister _processes = new();
    private bool _started;
    private bool _adjusting;
    private bool _ended;
    private int _step;
    private int _injected;

    /// <exception cref="ArgumentOutOfRangeException">An injection names a paging file, or a file, that the machine does not have.</exception>
    public Operator(OperatorPlan plan, Cast cast, IProcessFactory factory)
    {
        _plan = plan;
        _cast = cast;
        _factory = factory;
        _made = new MadeSection[plan.Sections.Count];
        foreach (Injection injection in plan.Injections)
        {
            bool toFile = injection.Kind is InjectionKind.DeviceSlow or InjectionKind.ReadError or InjectionKind.WriteError
                or InjectionKind.DeviceOffline or InjectionKind.ExtensionError;
            int devices = injection.OfFile ? cast.Files.Count : cast.PagingFiles.Count;
            if (toFile && (uint)injection.Target >= (uint)devices)
            {
                throw new ArgumentOutOfRangeException(nameof(plan), injection.Target, "an injection names a file that the machine does not have");
            }
        }
    }

    /// <summary>Processes started so far; their serial numbers are 0 to this, exclusive.</summary>
    public int Started => _processes.Count;

    /// <summary>Processes that are alive and were not told to exit.</summary>
    public int Alive => _processes.Alive;

    /// <summary>Where the process with this serial number is, or was.</summary>
    public ActorId ProcessAt(int serial) => _processes.ActorOf(serial);

    /// <summary>What the process with this serial number was started as.</summary>
    public ProcessPlan PlanOf(int serial) => _plan.Processes[serial % _plan.Processes.Count];

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        switch (delivery.Kind)
        {
            case Protocol.StartScenario.Kind: StartScenario(outbox); break;
            case Protocol.SectionCreated.Kind: SectionCreated(delivery.Read<SectionCreated>(), outbox); break;
            case Protocol.SectionClosingDue.Kind: SectionClosingDue(delivery.Read<SectionClosingDue>().Section, outbox); break;
            case Protocol.AdjustProcesses.Kind: AdjustProcesses(outbox); break;
            case Protocol.LoadStepDue.Kind: LoadStepDue(delivery.Read<LoadStepDue>().Step, outbox); break;
            case Protocol.InjectionDue.Kind: InjectionDue(_plan.Injections[delivery.Read<InjectionDue>().Injection], outbox); break;
            case Protocol.ProgramsEnded.Kind: ProgramsEnded(delivery.Read<ProgramsEnded>().Serial); break;
            case Protocol.ProcessEnded.Kind: ProcessEnded(delivery.Read<ProcessEnded>().Serial); break;
            default: throw Impossible.Message(delivery, "the operator");
        }

        Adjust(outbox);
        EndIfAllIsDone(outbox);
    }

    public void Encode(StateCodec codec)
    {
        _processes.Encode(codec);
        codec.Field("started", ref _started);
        codec.Field("adjusting", ref _adjusting);
        codec.Field("ended", ref _ended);
        codec.Field("step", ref _step);
        codec.Field("injected", ref _injected);
        if (_plan.Sections.Count > 0)
        {
            EncodeSections(codec);
        }
    }

    private void StartScenario(Outbox outbox)
    {
        Invariant.Holds(!_started, "a scenario starts once");
        _started = true;
        outbox.Send(_cast.WorkingSetManager, new ManagerTick());
        for (int i = 0; i < _plan.Injections.Count; i++)
        {
            outbox.StartTimer(_plan.Injections[i].At, new InjectionDue(i));
        }

        MakeSections(outbox);
        if (_plan.Load.Count > 0)
        {
            LoadStepDue(0, outbox);
        }
    }

    private void LoadStepDue(int step, Outbox outbox)
    {
        _step = step;
        if (step < _plan.Load.Count)
        {
            outbox.StartTimer(_plan.Load[step].Duration, new LoadStepDue(step + 1));
        }
    }

    private void AdjustProcesses(Outbox outbox)
    {
        Invariant.Holds(_adjusting, "the operator goes on with what it began");
        _adjusting = false;
    }

    /// <summary>Starts or ends some processes; if there are more, goes on in a turn of its own.</summary>
    private void Adjust(Outbox outbox)
    {
        if (_adjusting)
        {
            return;
        }

        int missing = Missing;
        for (int i = 0; i < Math.Min(missing, Batch); i++)
        {
            Start(outbox);
        }

        for (int i = 0; i < Math.Min(-missing, Batch); i++)
        {
            End(_processes.Youngest(), outbox);
        }

        if (Math.Abs(missing) > Batch)
        {
            _adjusting = true;
            outbox.Send(outbox.Self, new AdjustProcesses());
        }
    }

    /// <summary>How many processes must be started; negative, how many must be ended.</summary>
    private int Missing
    {
        get
        {
            if (!_started || !SectionsAreMade || _plan.Processes.Count == 0)
            {
                return 0;
            }

            if (_plan.Load.Count == 0)
            {
                return _plan.Processes.Count - _processes.Count;
            }

            return _step < _plan.Load.Count ? _plan.Load[_step].Processes - _processes.Alive : 0;
        }
    }

    private void Start(Outbox outbox)
    {
        int serial = _processes.Count;
        ProcessPlan plan = PlanOf(serial);
        ActorId process = outbox.Create(_factory.Create(plan, serial), _factory.RoleOf(plan));
        _processes.Add(process);
        outbox.Send(process, new StartProcess());
    }

    private void End(int serial, Outbox outbox)
    {
        _processes.Set(serial, ProcessProgress.Exiting);
        outbox.Send(_processes.ActorOf(serial), new ExitProcess(NtStatus.Success));
    }

    private void ProgramsEnded(int serial)
    {
        // It may have been told to exit when its last thread ended by itself; then it goes, even if it would have lingered.
        if (_processes.ProgressOf(serial) == ProcessProgress.Running)
        {
            _processes.Set(serial, PlanOf(serial).Lingers ? ProcessProgress.Lingering : ProcessProgress.Exiting);
        }
    }

    private void ProcessEnded(int serial)
    {
        Invariant.Holds(_processes.ProgressOf(serial) != ProcessProgress.Ended, "a process ends once");
        _processes.Set(serial, ProcessProgress.Ended);
    }

    private void InjectionDue(Injection injection, Outbox outbox)
    {
        _injected++;
        switch (injection.Kind)
        {
            case InjectionKind.DeviceSlow:
                Disturb(injection, InjectionCode.Slow, outbox);
                break;
            case InjectionKind.ReadError:
                Disturb(injection, InjectionCode.ReadError, outbox);
                break;
            case InjectionKind.WriteError:
                Disturb(injection, InjectionCode.WriteError, outbox);
                break;
            case InjectionKind.EmptyWorkingSets:
                outbox.Send(_cast.WorkingSetManager, new EmptyWorkingSets());
                break;
            case InjectionKind.FlushModifiedList:
                outbox.Send(_cast.PfnDatabase, new FlushModified());
                break;
            case InjectionKind.DeviceOffline:
                Disturb(injection, InjectionCode.Offline, outbox);
                break;
            case InjectionKind.ExtensionError:
                Disturb(injection, InjectionCode.ExtensionError, outbox);
                break;
            case InjectionKind.PurgeStandbyList:
                outbox.Send(_cast.PfnDatabase, new PurgeStandby(HighestPriority));
                break;
            case InjectionKind.PurgeLowPriorityStandbyList:
                outbox.Send(_cast.PfnDatabase, new PurgeStandby(0));
                break;
            case InjectionKind.BadPage:
                for (int frame = 0; frame < injection.Factor; frame++)
                {
                    outbox.Send(_cast.PfnDatabase, new FailFrame(new Pfn((uint)(injection.Target + frame))));
                }

                break;
            case InjectionKind.KillProcess when !IsAlive(injection.Target):
                return;
            case InjectionKind.KillProcess:
                End(injection.Target, outbox);
                break;
        }

        outbox.State(new Injected(injection.Kind, 0, 0, injection.Target, injection.Factor));
    }

    private void Disturb(Injection injection, InjectionCode code, Outbox outbox) =>
        outbox.Send((injection.OfFile ? _cast.Files : _cast.PagingFiles)[injection.Target], new Disturb(injection.Duration, code, injection.Factor));

    private bool IsAlive(int serial) =>
        (uint)serial < (uint)_processes.Count && _processes.ProgressOf(serial) is ProcessProgress.Running or ProcessProgress.Lingering;

    private void EndIfAllIsDone(Outbox outbox)
    {
        bool loadIsOver = _step >= _plan.Load.Count;
        if (_ended || _adjusting || !_started || !loadIsOver || !_processes.IsQuiet || _injected < _plan.Injections.Count || !SectionsAreMade || !TimesHaveCome)
        {
            return;
        }

        _ended = true;
        CloseAtEnd(outbox);
        outbox.Send(_cast.WorkingSetManager, new StopTicking());
        outbox.Send(ActorId.Outside, new ScenarioEnded(_processes.Count));
    }
}
