using ActorVmm.Actors;
using ActorVmm.Kernel.Tests.Calls;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.RandomPrograms;

/// <summary>
/// A random program on a small machine. Each thread has one step under way at most, in memory of its own, while the other threads and processes
/// are in theirs and the machine trims, writes out and fails; every answer is judged by what the thread knows.
/// </summary>
internal sealed class ProgramRun
{
    private const ulong FirstMemory = 0x1000_0000;
    private const ulong FirstStack = 0x2000_0000;
    private const ulong Apart = 0x10_0000;

    private readonly Dictionary<uint, (Owner Owner, ProgramStep Step)> _pending = [];
    private readonly Owner[] _owners;
    private readonly AccountingWatch _watch = new();
    private readonly TestMachine _machine;
    private string? _wrong;

    public ProgramRun(ulong seed, bool mistaken = false)
    {
        var dice = new Dice(seed ^ 0x5EED);
        _owners = [.. Enumerable.Range(0, ProgramGenerator.Processes * ProgramGenerator.Threads).Select(owner => new Owner(owner % ProgramGenerator.Processes, owner / ProgramGenerator.Processes, mistaken))];
        _machine = new TestMachine(PlanOf(dice), [.. Enumerable.Range(0, ProgramGenerator.Processes).Select(_ => ProcessOf(dice))], [_watch], seed) { Heard = Heard };
        _machine.Facts.Keeping = false;
        _watch.Machine = _machine;
    }

    public AccountingWatch Watch => _watch;

    /// <summary>Faults of a kind that all processes had; those that are gone keep their counters.</summary>
    public long Faults(FaultKind kind) => _machine.Processes.Sum(process => process.Faults.Length > (int)kind ? process.Faults[(int)kind] : 0);

    public SortedDictionary<NtStatus, int> Statuses { get; } = [];

    private sealed class Owner(int process, int thread, bool mistaken)
    {
        public int Process => process;

        public int Thread => thread;

        public Memory Memory { get; } = new(FirstMemory + ((ulong)thread * Apart)) { BelievesThatDecommittedPagesStay = mistaken };

        public Stack Stack { get; } = new(FirstStack + ((ulong)thread * Apart));

        public bool HasStack { get; set; }

        public bool IsBusy { get; set; }

        public bool IsGone { get; set; }
    }

    /// <summary>Runs a program to its end and to the end of every process.</summary>
    /// <returns>What went wrong, in words; null when nothing did.</returns>
    public string? Run(IReadOnlyList<ProgramStep> steps)
    {
        try
        {
            _machine.Run();
            foreach (Owner owner in _owners)
            {
                GiveStack(owner);
            }

            for (int step = 0; step < steps.Count && _wrong is null; step++)
            {
                Take(steps[step]);
            }

            Pass(seconds: 1_000);
            if (_wrong is not null)
            {
                return _wrong;
            }

            _owners.Where(owner => owner.IsBusy && !owner.IsGone).ShouldBeEmpty("after a thousand seconds every step has been answered");
            _machine.Holds();
            _watch.AtRest();
            _machine.EndsAtTheBaseline();
            return _wrong;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return _wrong ?? failure.Message;
        }
    }

    /// <summary>By ordinary calls; in a machine so full that it cannot be had there is none.</summary>
    private void GiveStack(Owner owner)
    {
        Stack stack = owner.Stack;
        bool had = Call(owner, OperationKind.Reserve, stack.Lowest, Stack.Bytes, PageProtection.ReadWrite)
            && Call(owner, OperationKind.Commit, stack.Top - 0x3000, 0x3000, PageProtection.ReadWrite)
            && Call(owner, OperationKind.Protect, stack.Top - 0x3000, 0x2000, PageProtection.ReadWrite | PageProtection.Guard);
        if (had)
        {
            _machine.BeginIn(owner.Process, NativeCalls.Of(CallService.SetStack, stack.Top, stack.Top - 0x1000, flags: CallFlags.NamesThread), stack.Lowest, 0, (ulong)owner.Thread);
            _machine.Run();
        }

        owner.HasStack = had;
    }

    private bool Call(Owner owner, OperationKind kind, ulong address, ulong bytes, PageProtection protection) =>
        _machine.Do(new Operation(kind, address, bytes, protection), owner.Process, owner.Thread).Status == NtStatus.Success;

    private void Take(ProgramStep step)
    {
        if (step.IsOfThread)
        {
            TakeOfThread(step);
        }
        else
        {
            TakeOfMachine(step);
        }

        if (step.Turns > 0)
        {
            _machine.Host.Run(maxTurns: step.Turns);
        }
    }

    private void TakeOfThread(ProgramStep step)
    {
        Owner owner = Array.Find(_owners, candidate => candidate.Process == step.Process && candidate.Thread == step.Thread)!;
        for (int seconds = 0; owner.IsBusy && seconds < 100; seconds++)
        {
            Pass(seconds: 1);
        }

        bool onStack = step.Kind is StepKind.StackRead or StepKind.StackWrite;
        if (owner.IsGone || _wrong is not null || (onStack && !owner.HasStack))
        {
            return;
        }

        owner.IsBusy = true;
        Operation? operation = onStack
            ? new Operation(step.Kind == StepKind.StackRead ? OperationKind.Read : OperationKind.Write, owner.Stack.AddressOf(step), sizeof(ulong))
            : owner.Memory.OperationOf(step);
        uint request = operation is { } access
            ? (uint)_machine.Begin(access, owner.Process, step.Value, owner.Thread)
            : step.Kind == StepKind.Reset
                ? _machine.BeginIn(owner.Process, NativeCalls.Allocate(owner.Memory.AddressOf(step), (ulong)step.Pages << PageSize.Shift, AllocationType.Reset))
                : _machine.BeginIn(owner.Process, NativeCalls.Of(CallService.SetInformation, sizeof(uint), 1), owner.Memory.AddressOf(step), (ulong)step.Pages << PageSize.Shift);
        _pending.Add(request, (owner, step));
    }

    private void TakeOfMachine(ProgramStep step)
    {
        ActorId file = _machine.Cast.PagingFiles[step.Page % _machine.Cast.PagingFiles.Count];
        Ticks span = Ticks.FromMilliseconds(50);
        switch (step.Kind)
        {
            case StepKind.Trim:
                _machine.Inject(_machine.Cast.WorkingSetManager, new TrimByTest(_machine.IdOf(step.Process), step.Pages, step.Page % 5, step.Page & 1));
                break;
            case StepKind.EmptyWorkingSets: _machine.Inject(_machine.Cast.WorkingSetManager, default(EmptyWorkingSets)); break;
            case StepKind.Flush: _machine.Inject(_machine.Cast.PfnDatabase, default(FlushModified)); break;
            case StepKind.ReadErrors: _machine.Inject(file, new Disturb(span, InjectionCode.ReadError, step.Pages)); break;
            case StepKind.WriteErrors: _machine.Inject(file, new Disturb(span, InjectionCode.WriteError, step.Pages)); break;
            case StepKind.SlowDevice: _machine.Inject(file, new Disturb(span, InjectionCode.Slow, step.Pages)); break;
            case StepKind.BadFrame: _machine.Inject(_machine.Cast.PfnDatabase, new MarkBad(new Pfn((uint)(step.Value % _machine.Plan.Frames)))); break;
            case StepKind.Kill:
                foreach (Owner owner in _owners.Where(owner => owner.Process == step.Process))
                {
                    owner.IsGone = true;
                }

                _machine.Inject(_machine.IdOf(step.Process), new ExitProcess(NtStatus.Success));
                break;
            default: Pass(seconds: 1); break;
        }
    }

    /// <summary>So much time passes, or nothing is left to do.</summary>
    private void Pass(int seconds) => _machine.Host.Run(_machine.Host.Now + Ticks.FromSeconds(seconds));

    private void Heard(ActorId sender, Message message)
    {
        if (message.Kind == Performed.Kind && _pending.Remove((uint)message.Read<Performed>().Request, out var performed))
        {
            Performed answer = message.Read<Performed>();
            Judge(performed.Owner, performed.Step, answer.Status, () => performed.Step.Kind is StepKind.StackRead or StepKind.StackWrite
                ? performed.Owner.Stack.Judge(performed.Step, answer)
                : performed.Owner.Memory.Judge(performed.Step, answer));
        }
        else if (message.Kind == CallReturned.Kind && _pending.Remove(message.Read<CallReturned>().Request, out var returned))
        {
            NtStatus status = message.Read<CallReturned>().Status;
            Judge(returned.Owner, returned.Step, status, () => returned.Step.Kind == StepKind.Reset
                ? returned.Owner.Memory.JudgeReset(returned.Step, status)
                : status is NtStatus.Success or NtStatus.InPageError or NtStatus.CommitmentLimit ? null : $"prefetching is never refused, got {status}");
        }
    }

    private void Judge(Owner owner, ProgramStep step, NtStatus status, Func<string?> judge)
    {
        owner.IsBusy = false;
        Statuses[status] = Statuses.GetValueOrDefault(status) + 1;
        if (status == NtStatus.ProcessIsTerminating && owner.IsGone)
        {
            return;
        }

        _wrong ??= judge() is { } wrong ? $"{step}: {wrong}" : null;
    }

    private static ProcessPlan ProcessOf(Dice dice)
    {
        bool hard = dice.OneIn(3);
        return new ProcessPlan("random", [.. Enumerable.Range(0, ProgramGenerator.Threads).Select(_ => new FixedProgram())])
        {
            Lingers = true,
            MemoryPriority = (byte)dice.Roll(8),
            WorkingSet = new WorkingSetLimits(dice.Between(1, 10), dice.Between(12, 60), hard, dice.OneIn(8)),
            Replacement = hard ? (Replacement)dice.Roll(4) : Replacement.Windows,
        };
    }

    private static MachinePlan PlanOf(Dice dice) => new((uint)dice.Between(64, dice.OneIn(3) ? 160 : 90))
    {
        Processors = dice.Between(1, 4),
        PagingFiles = [.. Enumerable.Range(0, dice.OneIn(3) ? 2 : 1).Select(_ => new PagingFilePlan((uint)(dice.OneIn(2) ? 256 : dice.Between(256, 512))) { Latency = Distribution.Uniform(1_000, 400_000), QueueDepth = dice.Between(1, 4) })],
        Policy = new MemoryPolicy
        {
            LowAvailable = dice.OneIn(2) ? 1 : 0,
            PlentyAvailable = dice.OneIn(2) ? 2 : 0,
            CheckEveryAccess = dice.OneIn(2),
            Quantum = dice.OneIn(2) ? 1 : 256,
            FrameCache = dice.Roll(7),
            ReadCluster = dice.Between(1, 16),
            WriteCluster = dice.Between(1, 16),
            WritesInFlight = dice.Between(1, 4),
            ModifiedMaximum = dice.OneIn(2) ? dice.Between(1, 30) : 0,
        },
    };
}
