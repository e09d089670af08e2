using ActorVmm.Actors;
using ActorVmm.Kernel.Tests.Calls;
using ActorVmm.Kernel.Tests.Sections;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.SharedPrograms;

/// <summary>
/// A random program of three processes that map the same sections, on a small machine that trims, writes out and fails. Each thread has one step under way
/// at most; every answer is judged by <see cref="SharedMemory"/>. At the end everything is given up: nothing is left, and the file holds what was stored.
/// </summary>
internal sealed class SharedRun
{
    private readonly Dictionary<uint, PendingStep> _pending = [];
    private readonly Dictionary<uint, ulong> _fileWords = [];
    private readonly HashSet<(int Process, int Thread)> _busy = [];
    private readonly HashSet<int> _gone = [];
    private readonly SectionCreated[] _sections = new SectionCreated[SharedSections.Count];
    private readonly bool[] _closed = new bool[SharedSections.Count];
    private readonly SharedMemory _memory;
    private readonly SharedLedgerWatch _watch = new();
    private readonly TestMachine _machine;
    private bool _writesFailed;
    private string? _wrong;

    public SharedRun(ulong seed)
    {
        var dice = new Dice(seed ^ 0x5EED);
        _memory = new SharedMemory(wrong => _wrong ??= wrong);
        _machine = new TestMachine(PlanOf(dice), [.. Enumerable.Range(0, SharedGenerator.Processes).Select(_ => ProcessOf(dice))], [_memory, _watch], seed, [_memory]) { Heard = Heard };
        _machine.Facts.Keeping = false;
        _watch.Machine = _machine;
    }

    public SharedMemory Memory => _memory;

    public SortedDictionary<NtStatus, int> Statuses { get; } = [];

    /// <summary>Words of the file that were compared at the end.</summary>
    public int FileWords => _fileWords.Count;

    public long Faults(FaultKind kind) => _machine.Processes.Sum(process => process.Faults.Length > (int)kind ? process.Faults[(int)kind] : 0);

    /// <summary>Runs a program to its end and to the end of everything.</summary>
    /// <returns>What went wrong, in words; null when nothing did.</returns>
    public string? Run(IReadOnlyList<SharedStep> steps)
    {
        try
        {
            Prepare();
            for (int step = 0; step < steps.Count && _wrong is null; step++)
            {
                Take(steps[step]);
            }

            Pass(seconds: 2_000);
            if (_wrong is null)
            {
                _busy.Where(owner => !_gone.Contains(owner.Process)).ShouldBeEmpty("after two thousand seconds every step has been answered");
                _machine.Holds();
                _watch.AtRest();
                End();
            }

            return _wrong;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return _wrong ?? failure.Message;
        }
    }

    private void Prepare()
    {
        _machine.Run();
        for (int process = 0; process < SharedGenerator.Processes; process++)
        {
            _machine.Allocate(SharedSections.AddressOf(SharedSections.Slots), SharedSections.PrivatePages, process: process);
            _memory.IsProcess(_machine.IdOf(process), process);
        }

        for (int section = 0; section < SharedSections.Count; section++)
        {
            bool ofFile = SharedSections.BackingOf(section) == SharedSections.FileBacking;
            _machine.Inject(_machine.Cast.SystemSpace, new CreateSection(
                SharedSections.BytesOf(section), 0, SharedSections.AttributesOf(section), PageProtection.ReadWrite, 1, ofFile ? _machine.Cast.Files[0] : ActorId.Outside,
                FileRights.Kernel, HandleResolution.Resolved, false, 0));
            _machine.Run();
            _machine.Created.Status.ShouldBe(NtStatus.Success);
            _sections[section] = _machine.Created;
            _memory.IsSection(_machine.Created.Section, SharedSections.BackingOf(section));
        }
    }

    private void Take(SharedStep step)
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

    private void TakeOfThread(SharedStep step)
    {
        (int Process, int Thread) owner = (step.Process, step.Thread);
        for (int seconds = 0; _busy.Contains(owner) && seconds < 100; seconds++)
        {
            Pass(seconds: 1);
        }

        bool closed = step.Kind == SharedStepKind.Map && _closed[step.Amount];
        if (_gone.Contains(step.Process) || _wrong is not null || closed || _busy.Contains(owner))
        {
            return;
        }

        _busy.Add(owner);
        PendingStep pending = _memory.Begin(step);
        ulong address = SharedSections.AddressOf(step.Slot) + (step.Kind is SharedStepKind.Map or SharedStepKind.Flush ? 0 : (ulong)step.Page << PageSize.Shift);
        _pending.Add(step.Kind switch
        {
            SharedStepKind.Read => Perform(step, new Operation(OperationKind.Read, address + (ulong)step.Offset, sizeof(ulong))),
            SharedStepKind.Write => Perform(step, new Operation(OperationKind.Write, address + (ulong)step.Offset, sizeof(ulong))),
            SharedStepKind.Commit => Perform(step, new Operation(OperationKind.Commit, address, (ulong)step.Amount << PageSize.Shift, PageProtection.ReadWrite)),
            SharedStepKind.Unmap => _machine.BeginIn(step.Process, NativeCalls.Of(CallService.UnmapView, SharedSections.AddressOf(step.Slot))),
            SharedStepKind.Flush => _machine.BeginIn(step.Process, NativeCalls.Of(CallService.FlushView, address)),
            _ => Map(step, address),
        }, pending);
    }

    private uint Perform(SharedStep step, Operation operation) => (uint)_machine.Begin(operation, step.Process, step.Value, step.Thread);

    private uint Map(SharedStep step, ulong address)
    {
        ulong[] words = [.. SectionMachine.WordsOf(_sections[step.Amount])];
        words[(int)ViewWord.Offset] = (ulong)step.Page << PageSize.Shift;
        return _machine.BeginIn(step.Process, NativeCalls.Of(CallService.MapView, address, 0, protection: (uint)step.Protection), words);
    }

    private void TakeOfMachine(SharedStep step)
    {
        int devices = _machine.Cast.PagingFiles.Count + 1;
        ActorId device = step.Page % devices == 0 ? _machine.Cast.Files[0] : _machine.Cast.PagingFiles[(step.Page % devices) - 1];
        Ticks span = Ticks.FromMilliseconds(50);
        switch (step.Kind)
        {
            case SharedStepKind.Trim:
                _machine.Inject(_machine.Cast.WorkingSetManager, new TrimByTest(_machine.IdOf(step.Process), step.Amount, step.Page % 5, step.Page & 1));
                break;
            case SharedStepKind.EmptyWorkingSets: _machine.Inject(_machine.Cast.WorkingSetManager, default(EmptyWorkingSets)); break;
            case SharedStepKind.FlushModified: _machine.Inject(_machine.Cast.PfnDatabase, default(FlushModified)); break;
            case SharedStepKind.ReadErrors: _machine.Inject(device, new Disturb(span, InjectionCode.ReadError, step.Amount)); break;
            case SharedStepKind.WriteErrors:
                _writesFailed |= device == _machine.Cast.Files[0];
                _machine.Inject(device, new Disturb(span, InjectionCode.WriteError, step.Amount));
                break;
            case SharedStepKind.SlowDevice: _machine.Inject(device, new Disturb(span, InjectionCode.Slow, step.Amount)); break;
            case SharedStepKind.CloseHandle: Close(step.Amount); break;
            case SharedStepKind.Kill: Kill(step.Process); break;
            default: Pass(seconds: 1); break;
        }
    }

    /// <summary>A handle is closed when no call uses it; views keep the section.</summary>
    private void Close(int section)
    {
        bool used = _pending.Values.Any(pending => pending.Step.Kind == SharedStepKind.Map && pending.Step.Amount == section && !_gone.Contains(pending.Step.Process));
        if (!_closed[section] && !used)
        {
            _closed[section] = true;
            _machine.Inject(_sections[section].Section, new CountHandle(_sections[section].Object, -1));
        }
    }

    private void Kill(int process)
    {
        // A call that is under way uses a handle, and would outlive its process.
        bool maps = _pending.Values.Any(pending => pending.Step.Kind == SharedStepKind.Map && pending.Step.Process == process);
        if (!maps && _gone.Add(process))
        {
            _machine.Inject(_machine.IdOf(process), new ExitProcess(NtStatus.Success));
        }
    }

    private void End()
    {
        for (int process = 0; process < SharedGenerator.Processes; process++)
        {
            Kill(process);
        }

        _machine.Run();
        for (int section = 0; section < SharedSections.Count; section++)
        {
            Close(section);
        }

        _machine.Run();
        _machine.EndsAtTheBaseline();
        if (!_writesFailed)
        {
            CompareFile();
        }
    }

    /// <summary>What was stored to views of the file is in the file when the last of them has gone.</summary>
    private void CompareFile()
    {
        for (int word = 0; word < SharedSections.PagesOf(SharedSections.FileBacking) * 2; word++)
        {
            int page = word / 2;
            int offset = word % 2 * sizeof(ulong);
            _machine.Inject(_machine.Cast.Files[0], new LoadFile(((ulong)page << PageSize.Shift) + (ulong)offset, sizeof(ulong), (uint)word));
            _machine.Run();
            _fileWords[(uint)word].ShouldBe(_memory.FileWord(page, offset), $"page {page} of the file, offset {offset}");
        }
    }

    private void Pass(int seconds) => _machine.Host.Run(_machine.Host.Now + Ticks.FromSeconds(seconds));

    private void Heard(ActorId sender, Message message)
    {
        switch (message.Kind)
        {
            case Performed.Kind:
                Performed performed = message.Read<Performed>();
                Answered((uint)performed.Request, performed.Status, performed.Size);
                break;
            case CallReturned.Kind:
                Answered(message.Read<CallReturned>().Request, message.Read<CallReturned>().Status, 0);
                break;
            case FileReturned.Kind:
                _fileWords[message.Read<FileReturned>().Request] = message.Read<FileReturned>().Value;
                break;
        }
    }

    private void Answered(uint request, NtStatus status, ulong value)
    {
        if (!_pending.Remove(request, out PendingStep? pending))
        {
            return;
        }

        SharedStep step = pending.Step;
        _busy.Remove((step.Process, step.Thread));
        Statuses[status] = Statuses.GetValueOrDefault(status) + 1;
        if (status == NtStatus.ProcessIsTerminating && _gone.Contains(step.Process))
        {
            _memory.Forget(pending);
            return;
        }

        _wrong ??= _memory.Judge(pending, status, value) is { } wrong ? $"{step}: {wrong}" : null;
    }

    private static ProcessPlan ProcessOf(Dice dice) => new("sharer", [.. Enumerable.Range(0, SharedGenerator.Threads).Select(_ => new FixedProgram())])
    {
        Lingers = true,
        MemoryPriority = (byte)dice.Roll(8),
        WorkingSet = new WorkingSetLimits(dice.Between(1, 10), dice.Between(12, 60), dice.OneIn(3), dice.OneIn(8)),
    };

    private static MachinePlan PlanOf(Dice dice) => new((uint)dice.Between(72, dice.OneIn(3) ? 160 : 96))
    {
        Processors = dice.Between(1, 4),
        PagingFiles = [.. Enumerable.Range(0, dice.OneIn(3) ? 2 : 1).Select(_ => new PagingFilePlan((uint)dice.Between(256, 512)) { Latency = Distribution.Uniform(1_000, 400_000), QueueDepth = dice.Between(1, 4) })],
        Files = [new FilePlan("shared", SharedSections.FileBytes) { Latency = Distribution.Uniform(1_000, dice.OneIn(2) ? 50_000 : 2_000_000), QueueDepth = dice.Between(1, 4) }],
        Policy = new MemoryPolicy
        {
            LowAvailable = dice.OneIn(2) ? 1 : 0,
            PlentyAvailable = dice.OneIn(2) ? 2 : 0,
            CheckEveryAccess = dice.OneIn(2),
            Quantum = dice.OneIn(2) ? 1 : 256,
            FrameCache = dice.Between(1, 6),
            ReadCluster = dice.Between(1, 16),
            WriteCluster = dice.Between(1, 16),
            WritesInFlight = dice.Between(1, 4),
            ModifiedMaximum = dice.OneIn(2) ? dice.Between(1, 30) : 0,
        },
    };
}
