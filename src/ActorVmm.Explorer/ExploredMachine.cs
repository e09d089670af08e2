namespace ActorVmm.Explorer;

/// <summary>
/// One machine that is run again and again from its first state. Going back costs a copy of the small first image and
/// allocates nothing.
/// </summary>
public sealed class ExploredMachine : IChooser
{
    private readonly IJudge _judge;
    private IStrategy _strategy = new OldestFirst();

    /// <param name="subject">What to build.</param>
    /// <param name="setting">How messages travel.</param>
    /// <param name="recorded">Whether <see cref="Record"/> is kept, for strategies and reports that ask who caused what.</param>
    public ExploredMachine(ISubject subject, ExecutionSetting setting, bool recorded)
    {
        ArgumentNullException.ThrowIfNull(subject);
        ArgumentNullException.ThrowIfNull(setting);
        Setting = setting;
        Record = new ExecutionRecord();
        Machine = subject.Build(new SteppedOptions
        {
            Model = setting.Model,
            Seed = setting.Seed,
            TimerFirings = setting.TimerFirings,
            Chooser = this,
            TurnListeners = recorded ? [Record] : [],
        });
        _judge = Machine.Judge;
        IsRecorded = recorded;
        Record.Watch(Host);
        Machine.First.Save();
    }

    public SubjectMachine Machine { get; }

    public SteppedHost Host => Machine.Host;

    public ExecutionSetting Setting { get; }

    public bool IsRecorded { get; }

    /// <summary>Who heard and sent what in the latest execution; empty unless asked for.</summary>
    public ExecutionRecord Record { get; }

    /// <summary>Turns of the latest execution.</summary>
    public int Turns { get; private set; }

    /// <summary>How the latest execution ended.</summary>
    public ExecutionEnd LatestEnd { get; private set; }

    /// <summary>What the latest execution broke first; null when nothing.</summary>
    public Violation? Violation { get; private set; }

    /// <summary>Runs one execution from the first state to its end.</summary>
    public ExecutionEnd Run(IStrategy strategy)
    {
        _strategy = strategy;
        Rewind();
        ExecutionEnd end = RunOn(strategy);
        Violation ??= _judge.Violation;
        if (end != ExecutionEnd.CutOff)
        {
            _judge.End(Turns);
        }

        LatestEnd = end;
        Violation ??= (_judge.Violation ?? (end == ExecutionEnd.Complete ? Deadlock() : null)) is { } atEnd ? atEnd with { IsAtEnd = true } : null;
        return end;
    }

    /// <summary>Goes back to the first state.</summary>
    public void Rewind()
    {
        Machine.First.Restore();
        if (IsRecorded)
        {
            Record.Begin();
        }

        _judge.Begin();
        Turns = 0;
        Violation = null;
    }

    /// <summary>Two executions have the same summary when they differ only in the order of turns that commute.</summary>
    public Fingerprint Trace()
    {
        Fingerprint sum = default;
        for (int id = 1; id < Host.Actors.Count; id++)
        {
            ref ActorCell cell = ref Host.Actors[id];
            sum = sum.With(new Fingerprint(Mix.Fold(cell.Identity.Value, cell.Chain), Mix.Spread(cell.Chain ^ Mix.Spread(cell.Identity.Value))));
        }

        return sum;
    }

    /// <inheritdoc/>
    public int Choose(in ChoicePoint point) => _strategy.NextNumber(in point);

    private ExecutionEnd RunOn(IStrategy strategy)
    {
        SteppedHost host = Host;
        while (host.DeliverableCount > 0)
        {
            if (Turns >= Setting.MostTurns)
            {
                return ExecutionEnd.TooLong;
            }

            int next = strategy.NextDelivery(host);
            if (next < 0)
            {
                return ExecutionEnd.CutOff;
            }

            Turns++;
            try
            {
                host.Deliver(next);
            }
            catch (MachineStoppedException stop)
            {
                Violation = StopOf(stop);
                return ExecutionEnd.Stopped;
            }
        }

        return ExecutionEnd.Complete;
    }

    /// <summary>Nothing can be delivered any more, and somebody waits.</summary>
    private Violation? Deadlock()
    {
        for (int id = 1; id < Host.Actors.Count; id++)
        {
            if (Host.Actors[id].Actor is IWaits { IsWaiting: true })
            {
                return new Violation("nobody waits for ever", Turns, $"nothing can be delivered any more, and {Machine.NameOf(new ActorId(id))} still waits");
            }
        }

        return null;
    }

    private Violation StopOf(MachineStoppedException stop) =>
        new(stop.Code == 0 ? "no actor throws" : FormattableString.Invariant($"no bug check 0x{stop.Code:X}"), Turns, stop.InnerException?.Message ?? stop.Message)
        {
            Code = stop.Code,
        };

    /// <summary>Before the first execution: nobody is asked.</summary>
    private sealed class OldestFirst : IStrategy
    {
        public bool Begin(long execution) => true;

        public int NextDelivery(SteppedHost host) => 0;

        public int NextNumber(in ChoicePoint point) => 0;
    }
}
