using System.Globalization;
using ActorVmm.Kernel.Tests.RandomPrograms;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.SharedPrograms;

/// <summary>
/// Random programs of processes that share memory: every load returns what was stored last in the order of the section's turns, copies are one process's
/// alone, the books balance after every turn, and when every process has exited and every section is closed nothing is left. 500 seeds; ACTORVMM_LONG=1
/// takes 10,000. A failure is shrunk to a short program and printed.
/// </summary>
public sealed class SharedOracleTests
{
    private const int Groups = 10;

    private static readonly int _seeds = Environment.GetEnvironmentVariable("ACTORVMM_LONG") == "1" ? 10_000 : 500;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    public void EveryLoadReturnsTheLastStore(int group)
    {
        for (int seed = group; seed < _seeds; seed += Groups)
        {
            var steps = SharedGenerator.Make((ulong)seed);
            if (new SharedRun((ulong)seed).Run(steps) is { } wrong)
            {
                Assert.Fail(Story((ulong)seed, steps, wrong));
            }
        }
    }

    // A check that never saw its situation is a failed check.
    [Fact]
    public void EverySituationOccurs()
    {
        SortedSet<NtStatus> statuses = [];
        long copies = 0;
        long loads = 0;
        long stores = 0;
        int fileWords = 0;
        long[] faults = new long[Enum.GetValues<FaultKind>().Length];
        for (ulong seed = 20_000; seed < 20_100; seed++)
        {
            var run = new SharedRun(seed);
            run.Run(SharedGenerator.Make(seed)).ShouldBeNull($"seed {seed}");
            statuses.UnionWith(run.Statuses.Keys);
            copies += run.Memory.Copies;
            loads += run.Memory.SharedLoads;
            stores += run.Memory.SharedStores;
            fileWords += run.FileWords;
            foreach (FaultKind kind in Enum.GetValues<FaultKind>())
            {
                faults[(int)kind] += run.Faults(kind);
            }
        }

        copies.ShouldBeGreaterThan(20);
        loads.ShouldBeGreaterThan(200);
        stores.ShouldBeGreaterThan(200);
        fileWords.ShouldBeGreaterThan(100);
        faults[(int)FaultKind.Hard].ShouldBeGreaterThan(50);
        faults[(int)FaultKind.Transition].ShouldBeGreaterThan(50);
        faults[(int)FaultKind.Prototype].ShouldBeGreaterThan(50);
        statuses.ShouldContain(NtStatus.Success);
        statuses.ShouldContain(NtStatus.AccessViolation);
        statuses.ShouldContain(NtStatus.InPageError, string.Join(" ", faults));
        statuses.ShouldContain(NtStatus.ConflictingAddresses);
        statuses.ShouldContain(NtStatus.NotMappedView);
        statuses.ShouldContain(NtStatus.AlreadyCommitted);
    }

    // Whoever believes that copies are seen by all is contradicted, by a program of a few steps.
    [Fact]
    public void AMistakeIsFoundAndItsProgramIsShort()
    {
        for (ulong seed = 0; seed < 50; seed++)
        {
            var steps = SharedGenerator.Make(seed);
            if (new SharedRun(seed, mistaken: true).Run(steps) is null)
            {
                continue;
            }

            IReadOnlyList<SharedStep> shortest = ProgramShrinker.Shrink(steps, shorter => new SharedRun(seed, mistaken: true).Run(shorter) is not null);
            shortest.Count.ShouldBeInRange(2, 6, string.Join(Environment.NewLine, shortest));
            return;
        }

        Assert.Fail("no program stores to a page that is copied");
    }

    private static string Story(ulong seed, List<SharedStep> steps, string wrong)
    {
        IReadOnlyList<SharedStep> shortest = ProgramShrinker.Shrink(steps, shorter => new SharedRun(seed).Run(shorter) is not null);
        string last = new SharedRun(seed).Run(shortest) ?? wrong;
        return string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {wrong}\nshrunk to {shortest.Count} steps: {last}\n") + string.Join('\n', shortest);
    }
}
