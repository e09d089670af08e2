using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Generators;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Benchmarks.Comparing;

/// <summary>What is compared, and with what. Each method says what the simulated machine does while it is measured.</summary>
internal static class Contests
{
    /// <summary>
    /// One process reserves and commits pages in one call, stores to each of them once, and releases them, again and again: process,
    /// page tables, PFN database, ledger, zero-page thread and host are all in the figure. The other is this machine's own kernel
    /// doing the same with mmap, a store to each page, and munmap.
    /// </summary>
    public static Contest DemandZero(int pages, bool specifications)
    {
        int rounds = (specifications ? 1 << 18 : 1 << 20) / pages;
        var bench = new Bench(
            new MachinePlan((uint)(pages * 2) + 4_096) { PagingFiles = [new PagingFilePlan(65_536)] },
            new OperatorPlan { Processes = [new ProcessPlan("touches", [Loop.TouchAndRelease(pages, 1)])] },
            specifications);
        double Ours()
        {
            long before = bench.Faults(FaultKind.DemandZero);
            long end = before + ((long)pages * rounds);
            TimeSpan start = ProcessorTime.Used();
            while (bench.Machine.Processes.Count == 0 || bench.Faults(FaultKind.DemandZero) < end)
            {
                bench.Run(turns: 4_096);
            }

            return (bench.Faults(FaultKind.DemandZero) - before) / (ProcessorTime.Used() - start).TotalSeconds / 1e6;
        }

        double Theirs()
        {
            int fewer = Math.Max(1, rounds / 4);
            TimeSpan start = ProcessorTime.Used();
            HostKernel.TouchFresh(pages, fewer);
            return (double)pages * fewer / (ProcessorTime.Used() - start).TotalSeconds / 1e6;
        }

        return new Contest(FormattableString.Invariant($"(a) demand-zero faults, {pages} pages : host kernel"), "M/s", Ours)
        {
            Theirs = HostKernel.IsAvailable ? Theirs : null,
            Target = specifications || !HostKernel.IsAvailable ? null : 3,
        };
    }

    /// <summary>
    /// One process with 1 GiB, all of it resident. 94 % of its accesses go to a window of 64 pages that moves every 4,096 accesses,
    /// 6 % anywhere; 30 % are stores. The program is computed while it runs, and that is in the figure.
    /// </summary>
    public static Contest LocalAccesses(bool specifications)
    {
        const ulong Start = 0x1000_0000;
        const ulong Pages = 262_144;
        const ulong Stores = TouchPhase.Always * 30 / 100;
        var locality = new AccessPattern(AccessOrder.Local, 64, ulong.MaxValue / 100 * 94);
        var phases = new PhaseList(
        [
            new CallPhase(new Operation(OperationKind.ReserveCommit, Start, Pages * PageSize.Bytes, PageProtection.ReadWrite)),
            new TouchPhase(Start, Pages, new AccessPattern(AccessOrder.Sequential), TouchPhase.Always, (long)Pages),
            new TouchPhase(Start, Pages, locality, Stores, 1L << 50),
        ]);
        var bench = new Bench(
            new MachinePlan((uint)Pages + 32_768) { PagingFiles = [new PagingFilePlan(65_536)] },
            new OperatorPlan { Processes = [new ProcessPlan("local", [new GeneratedProgram(phases, 1, 0, 0)])] },
            specifications);
        while (bench.Machine.Processes.Count == 0 || bench.Process.Accesses < (long)Pages * 2)
        {
            bench.Run(turns: 4_096);
        }

        double Ours()
        {
            long before = bench.Process.Accesses;
            TimeSpan start = ProcessorTime.Used();
            bench.Run(turns: 40_000);
            return (ProcessorTime.Used() - start).TotalNanoseconds / (bench.Process.Accesses - before);
        }

        return new Contest("(b) access, 1 GiB resident, 94 % local, 30 % stores", "ns", Ours) { Target = specifications ? null : 10, AtMost = true };
    }

    /// <summary>
    /// One process runs a whole trace, from its start to its last access. The other is an exact LRU list run over the same
    /// operations in memory.
    /// </summary>
    /// <param name="name">The trace.</param>
    /// <param name="frames">Pages of memory that list and process have; 0: as many as they like.</param>
    /// <param name="replacement">How the process chooses pages to give up.</param>
    /// <param name="specifications">Whether every promise is judged.</param>
    public static Contest Trace(TraceFile trace, string name, int frames, Replacement replacement, bool specifications)
    {
        ProcessPlan plan = trace.CreateProcesses()[0] with { Lingers = true, Replacement = replacement };
        plan = frames == 0 ? plan : plan with { WorkingSet = new WorkingSetLimits(1, frames, HardMaximum: true) };
        Operation[] operations = InMemory(plan.Threads[0]);

        // Where both do the same thing, they must come to the same number.
        bool exact = frames == 0 || replacement == Replacement.Lru;
        long ourFaults = 0;
        double Ours()
        {
            var bench = new Bench(new MachinePlan(16_384) { PagingFiles = [new PagingFilePlan(65_536)] }, new OperatorPlan { Processes = [plan] }, specifications);
            TimeSpan start = ProcessorTime.Used();
            bench.Run();
            TimeSpan took = ProcessorTime.Used() - start;
            ourFaults = bench.Process.PageFaults;
            return bench.Process.Accesses / took.TotalSeconds / 1e6;
        }

        double Theirs()
        {
            var list = new LruList(frames == 0 ? 2_048 : frames);
            TimeSpan start = ProcessorTime.Used();
            list.Run(operations);
            TimeSpan took = ProcessorTime.Used() - start;
            bool same = list.Faults == ourFaults;
            return same || !exact
                ? operations.Length / took.TotalSeconds / 1e6
                : throw new InvalidOperationException(FormattableString.Invariant($"{name}: {ourFaults} faults, and {list.Faults} of the list"));
        }

        string memory = frames == 0 ? "no limit" : FormattableString.Invariant($"{frames} pages, {replacement}");
        return new Contest($"(c) {name}, {memory} : LRU list", "M/s", Ours) { Theirs = Theirs, Target = specifications ? null : 0.5 };
    }

    /// <summary>
    /// Processes that take turns of at most four accesses on two virtual processors: each commits sixteen pages, stores to each, goes
    /// over them 31 times more, and releases them, again and again. Twenty faults in about two hundred turns, page tables included.
    /// </summary>
    public static Contest Turns(int processes, double target, bool specifications, Action<double, double> told)
    {
        Loop loop = Loop.TouchAndRelease(16, 32);
        var bench = new Bench(
            new MachinePlan((uint)processes * 64) { Policy = new MemoryPolicy { Quantum = 4 } },
            new OperatorPlan { Processes = [.. Enumerable.Repeat(new ProcessPlan("turns", [loop]), processes)] },
            specifications);
        double Ours()
        {
            const int Turns = 2_000_000;
            long faults = bench.Faults(FaultKind.DemandZero) + bench.Faults(FaultKind.PageTable);
            long allocated = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan start = ProcessorTime.Used();
            bench.Machine.Host.Run(maxTurns: Turns);
            TimeSpan took = ProcessorTime.Used() - start;
            allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
            faults = bench.Faults(FaultKind.DemandZero) + bench.Faults(FaultKind.PageTable) - faults;
            told((double)allocated / Turns, (double)faults / Turns);
            return Turns / took.TotalSeconds / 1e6;
        }

        return new Contest(FormattableString.Invariant($"(d) turns, {processes} processes"), "M/s", Ours) { Target = specifications ? null : target };
    }

    private static Operation[] InMemory(IProgram program)
    {
        var operations = new List<Operation>();
        Span<Operation> scratch = new Operation[64];
        while (program.Read(operations.Count, scratch) is { Length: > 0 } next)
        {
            operations.AddRange(next);
        }

        return [.. operations];
    }
}
