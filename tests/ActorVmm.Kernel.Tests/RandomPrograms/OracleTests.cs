using System.Globalization;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.RandomPrograms;

/// <summary>
/// Random programs against what their threads know: every read returns the last committed write, every promise is kept, the books balance after
/// every turn, and at the end nothing is left. 500 seeds; ACTORVMM_LONG=1 takes 10,000. A failure is shrunk to a short program and printed.
/// </summary>
public sealed class OracleTests
{
    private const int Groups = 10;

    private static readonly int _seeds = Environment.GetEnvironmentVariable("ACTORVMM_LONG") == "1" ? 10_000 : 500;

    /// <summary>In this one a frame fails while the zero-page thread fills it.</summary>
    [Fact]
    public void WhatOnceBrokeAPromiseHolds() => new ProgramRun(3341).Run(ProgramGenerator.Make(3341)).ShouldBeNull();

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
    public void EveryReadReturnsTheLastCommittedWrite(int group)
    {
        for (int seed = group; seed < _seeds; seed += Groups)
        {
            var steps = ProgramGenerator.Make((ulong)seed);
            if (new ProgramRun((ulong)seed).Run(steps) is { } wrong)
            {
                Assert.Fail(Story((ulong)seed, steps, wrong, mistaken: false));
            }
        }
    }

    // A check that never saw its situation is a failed check.
    [Fact]
    public void EverySituationOccurs()
    {
        SortedSet<NtStatus> statuses = [];
        long looks = 0;
        long hard = 0;
        long soft = 0;
        for (ulong seed = 20_000; seed < 20_030; seed++)
        {
            var run = new ProgramRun(seed);
            run.Run(ProgramGenerator.Make(seed)).ShouldBeNull($"seed {seed}");
            statuses.UnionWith(run.Statuses.Keys);
            looks += run.Watch.Looks;
            hard += run.Faults(FaultKind.Hard);
            soft += run.Faults(FaultKind.Transition);
        }

        looks.ShouldBeGreaterThan(10_000);
        hard.ShouldBeGreaterThan(100);
        soft.ShouldBeGreaterThan(100);
        statuses.ShouldContain(NtStatus.Success);
        statuses.ShouldContain(NtStatus.StackOverflow);
        statuses.ShouldContain(NtStatus.AccessViolation);
        statuses.ShouldContain(NtStatus.GuardPageViolation);
        statuses.ShouldContain(NtStatus.CommitmentLimit);
        statuses.ShouldContain(NtStatus.InPageError);
        statuses.ShouldContain(NtStatus.NotCommitted);
        statuses.ShouldContain(NtStatus.ConflictingAddresses);
    }

    // Whoever believes that decommitted pages keep their words is contradicted, by a program of a few steps.
    [Fact]
    public void AMistakeIsFoundAndItsProgramIsShort()
    {
        for (ulong seed = 0; seed < 200; seed++)
        {
            var steps = ProgramGenerator.Make(seed);
            if (new ProgramRun(seed, mistaken: true).Run(steps) is null)
            {
                continue;
            }

            IReadOnlyList<ProgramStep> shortest = ProgramShrinker.Shrink(steps, shorter => new ProgramRun(seed, mistaken: true).Run(shorter) is not null);
            shortest.Count.ShouldBeInRange(4, 8, string.Join(Environment.NewLine, shortest));
            return;
        }

        Assert.Fail("no program decommits a page that it reads again");
    }

    private static string Story(ulong seed, List<ProgramStep> steps, string wrong, bool mistaken)
    {
        IReadOnlyList<ProgramStep> shortest = ProgramShrinker.Shrink(steps, shorter => new ProgramRun(seed, mistaken).Run(shorter) is not null);
        string last = new ProgramRun(seed, mistaken).Run(shortest) ?? wrong;
        return string.Create(CultureInfo.InvariantCulture, $"seed {seed}: {wrong}\nshrunk to {shortest.Count} steps: {last}\n") + string.Join('\n', shortest);
    }
}
