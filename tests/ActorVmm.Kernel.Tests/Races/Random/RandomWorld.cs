using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>
/// A small crowded machine, drawn from a seed: memory and paging files that are nearly too small, two or three processes of one or two
/// threads that touch, protect, decommit and release the same few pages, and everything that can go wrong, at any time: devices fail,
/// working sets are emptied, processes are killed.
/// </summary>
internal sealed class RandomWorld
{
    /// <summary>Frames that the first access of a process asks for at once, and one more.</summary>
    private const int LargestRequest = 6;

    private static readonly PageProtection[] _protections =
    [
        PageProtection.ReadWrite, PageProtection.ReadWrite, PageProtection.ReadOnly, PageProtection.NoAccess,
        PageProtection.ReadWrite | PageProtection.Guard, PageProtection.ExecuteReadWrite,
    ];

    private static readonly Replacement[] _replacements = [Replacement.Windows, Replacement.Fifo, Replacement.Lru, Replacement.Clock];

    private readonly Dice _dice;

    public RandomWorld(ulong seed)
    {
        _dice = new Dice(seed);
        ProcessPlan[] processes = [.. Enumerable.Range(0, _dice.Between(2, 4)).Select(number => DrawProcess(number))];
        Machine = DrawMachine(processes);
        Operator = new OperatorPlan { Processes = processes, Injections = DrawInjections(processes.Length) };
    }

    public MachinePlan Machine { get; }

    public OperatorPlan Operator { get; }

    /// <summary>
    /// Memory for the tables and the hard minimums of all processes, for the largest request, and little more: with less, everybody
    /// could hold a part of what somebody else needs.
    /// </summary>
    private MachinePlan DrawMachine(ProcessPlan[] processes) => new((uint)(processes.Sum(Held) + LargestRequest + _dice.Between(0, 12)))
    {
        PagingFiles = [.. Enumerable.Range(0, _dice.Between(1, 2)).Select(_ => DrawFile())],
        Policy = new MemoryPolicy
        {
            Quantum = 1,
            CheckEveryAccess = true,
            ChooseThreads = true,
            LowAvailable = _dice.Between(1, 6),
            PlentyAvailable = _dice.Between(2, 12),
            ModifiedMaximum = _dice.OneIn(3) ? 0 : _dice.Between(1, 6),
            WriteCluster = _dice.Between(1, 8),
            ReadCluster = _dice.OneIn(3) ? 1 : _dice.Between(2, 16),
            WritesInFlight = _dice.Between(1, 3),
            ZeroThreadWake = _dice.Between(1, 8),
            ZeroBatch = _dice.Between(1, 6),
            FrameCache = _dice.OneIn(2) ? 0 : _dice.Between(1, 6),
        },
    };

    private static int Held(ProcessPlan process) => RaceStage.Tables + (process.WorkingSet.HardMinimum ? process.WorkingSet.Minimum : 0);

    private PagingFilePlan DrawFile()
    {
        uint pages = (uint)(_dice.OneIn(4) ? _dice.Between(2, 8) : _dice.Between(8, 64));
        return new PagingFilePlan(pages) { MaximumPages = pages + (uint)_dice.Between(0, 24), QueueDepth = _dice.Between(1, 3) };
    }

    private ProcessPlan DrawProcess(int number)
    {
        int pages = _dice.Between(4, 16);
        int threads = _dice.Between(1, 2);
        return new ProcessPlan($"process {number + 1}", [.. Enumerable.Range(0, threads).Select(thread => DrawProgram(pages, thread == 0))])
        {
            Replacement = _replacements[_dice.OneIn(3) ? _dice.Roll(_replacements.Length) : 0],
            WorkingSet = new WorkingSetLimits(_dice.Between(0, 4), _dice.Between(3, 12), HardMaximum: _dice.OneIn(4), HardMinimum: _dice.OneIn(8)),
            MemoryPriority = (byte)_dice.Between(0, 7),
        };
    }

    private FixedProgram DrawProgram(int pages, bool allocates)
    {
        var operations = new List<Operation>();
        if (allocates)
        {
            operations.Add(Step.Allocate(pages));
        }
        else
        {
            operations.Add(Step.Sleep());
        }

        int length = _dice.Between(10, 80);
        while (operations.Count < length)
        {
            operations.Add(DrawOperation(pages));
        }

        return new FixedProgram([.. operations]);
    }

    private Operation DrawOperation(int pages)
    {
        int page = _dice.Roll(pages);
        int count = _dice.Between(1, Math.Min(4, pages - page));
        return _dice.Roll(64) switch
        {
            < 28 => Step.Store(page),
            < 50 => Step.Load(page),
            50 => Step.Execute(page),
            < 54 => Step.Protect(page, _protections[_dice.Roll(_protections.Length)], count),
            < 57 => Step.Decommit(page, count),
            < 61 => Step.Commit(page, count),
            61 => _dice.OneIn(2) ? Step.Release() : Step.Allocate(pages),
            62 => Step.Allocate(pages),
            _ => _dice.OneIn(8) ? Step.Exit() : Step.Sleep(),
        };
    }

    private List<Injection> DrawInjections(int processes)
    {
        var injections = new List<Injection>();
        for (int left = _dice.Between(0, 12); left > 0; left--)
        {
            var at = new Ticks(left);
            injections.Add(_dice.Roll(8) switch
            {
                0 => new Injection(at, InjectionKind.ReadError, _dice.Roll(Machine.PagingFiles.Count), _dice.Between(100, 1_000), new Ticks(1)),
                1 => new Injection(at, InjectionKind.WriteError, _dice.Roll(Machine.PagingFiles.Count), _dice.Between(100, 1_000), new Ticks(1)),
                2 => new Injection(at, InjectionKind.KillProcess, _dice.Roll(processes)),
                < 6 => new Injection(at, InjectionKind.EmptyWorkingSets),
                _ => new Injection(at, InjectionKind.FlushModifiedList),
            });
        }

        return injections;
    }
}
