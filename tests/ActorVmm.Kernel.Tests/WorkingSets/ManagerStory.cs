using ActorVmm.Actors;
using ActorVmm.Kernel.WorkingSets;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.WorkingSets;

/// <summary>A working-set manager of a machine where memory is low below 20 pages and plenty from 100 on.</summary>
internal sealed class ManagerStory
{
    public const int Low = 20;
    public const int Plenty = 100;

    public ManagerStory(int pagingFiles = 1) =>
        Bench = new ActorBench(
            new WorkingSetManager(
                new MachinePlan(4_096) { Policy = new MemoryPolicy { LowAvailable = Low, PlentyAvailable = Plenty } }, BenchCast.Of(pagingFiles)),
            BenchCast.WorkingSetManager);

    public ActorBench Bench { get; }

    /// <summary>The process reports: pages, minimum, frames kept, faults so far, flags.</summary>
    public BenchTurn Reports(int process, int pages, int minimum = 0, int kept = 0, uint faults = 1, int flags = 0) =>
        Bench.Hear(BenchCast.Process(process), new WorkingSetChanged(pages, minimum, 345, kept, faults, flags));

    public BenchTurn IsLow(int available, int modified = 0, int waiters = 0) =>
        Bench.Hear(BenchCast.PfnDatabase, new LowMemory(available, modified, waiters));

    public BenchTurn Available(int available, int modified = 0, int waiters = 0) =>
        Bench.Hear(BenchCast.PfnDatabase, new AvailableReported(available, modified, waiters));

    public BenchTurn Trimmed(int process, int pages, int left) =>
        Bench.Hear(BenchCast.Process(process), new WorkingSetTrimmed(pages, left, 0));

    public BenchTurn Leaves(int process) => Bench.Hear(BenchCast.Process(process), new ProcessLeaves());

    public BenchTurn Tick() => Bench.Hear(ActorId.Outside, new ManagerTick());
}
