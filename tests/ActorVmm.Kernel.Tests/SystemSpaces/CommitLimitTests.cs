using ActorVmm.Actors;
using ActorVmm.Kernel.SystemSpaces;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.SystemSpaces;

/// <summary>Jobs, commit events, and growth that was impossible for a while (fact book §21).</summary>
public sealed class CommitLimitTests
{
    // 640 frames, 10 of them for the system.
    private const ulong Memory = 630;

    [Fact]
    public void EachProcessOfAJobHasItsLimitAndAllOfThemHaveOne()
    {
        var bench = Bench(new JobPlan("batch") { ProcessMemory = 100, JobMemory = 150 });
        Join(bench, 1).States<JobChanged>().ShouldBe(new JobChanged(BenchCast.Process(1), 1, 1));
        Join(bench, 2);
        Answer(bench, 1, 100).ShouldBe(NtStatus.Success);
        BenchTurn turn = Ask(bench, 1, 1);
        turn.Asks<CommitAnswered>(BenchCast.Process(1)).Status.ShouldBe(NtStatus.CommitmentLimit);
        turn.States<JobLimitReached>().ShouldBe(new JobLimitReached(1, 100, 100, BenchCast.Process(1), 0));
        turn = Ask(bench, 2, 51);
        turn.Asks<CommitAnswered>(BenchCast.Process(2)).Status.ShouldBe(NtStatus.CommitmentLimit);
        turn.States<JobLimitReached>().ShouldBe(new JobLimitReached(51, 100, 150, BenchCast.Process(2), 1));
        Answer(bench, 2, 50).ShouldBe(NtStatus.Success);
        Answer(bench, 3, 400).ShouldBe(NtStatus.Success, "who is in no job has the system's limit only");
        (Of(bench).ChargedToJob(1), Of(bench).MembersOf(1)).ShouldBe((150UL, 2));
    }

    [Fact]
    public void WhatIsReturnedOrLeftIsTheJobsAgain()
    {
        var bench = Bench(new JobPlan("batch") { JobMemory = 100 });
        Join(bench, 1);
        Join(bench, 2);
        Answer(bench, 1, 100);
        bench.Hear(BenchCast.Process(1), new ReturnCommit(30, CommitKind.Private, 0));
        Answer(bench, 2, 30).ShouldBe(NtStatus.Success);
        bench.Hear(BenchCast.Process(1), default(LeaveJob)).States<JobChanged>().Joined.ShouldBe(0);
        Of(bench).ChargedToJob(1).ShouldBe(30UL);
        Answer(bench, 2, 70).ShouldBe(NtStatus.Success);
        Answer(bench, 2, 1).ShouldBe(NtStatus.CommitmentLimit);
    }

    [Fact]
    public void PageTablesAreNotTheJobs()
    {
        var bench = Bench(new JobPlan("batch") { ProcessMemory = 1 });
        Join(bench, 1);
        Ask(bench, 1, 50, CommitKind.PageTable).Asks<CommitAnswered>(BenchCast.Process(1)).Status.ShouldBe(NtStatus.Success);
    }

    // A charge that waits for a paging file may meet its job's limit when it is tried again: two waited, and together they are too much.
    [Fact]
    public void ChargesThatWaitedAreJudgedAgain()
    {
        var bench = Bench(1_001, 3_001, new JobPlan("batch") { JobMemory = 1_800 });
        Join(bench, 1);
        Join(bench, 2);
        Answer(bench, 3, 900);
        Ask(bench, 1, 1_000).AsksNo<CommitAnswered>();
        Ask(bench, 2, 1_000).AsksNo<CommitAnswered>();
        BenchTurn turn = Grown(bench, 2_000, 3_001);
        turn.SentTo<CommitAnswered>(BenchCast.Process(1)).ShouldHaveSingleItem().Status.ShouldBe(NtStatus.Success);
        turn.SentTo<CommitAnswered>(BenchCast.Process(2)).ShouldHaveSingleItem().Status.ShouldBe(NtStatus.CommitmentLimit);
    }

    // 90 % of 630 is 567, 80 % is 504.
    [Fact]
    public void CommitEventsAreSignalledAtNinetyPercentAndEightyPercent()
    {
        var bench = Bench();
        Ask(bench, 1, 504).StatesNo<CommitConditionChanged>();
        Ask(bench, 1, 1).States<CommitConditionChanged>().ShouldBe(new CommitConditionChanged(505, Memory, CommitCondition.Low, 0));
        Ask(bench, 1, 61).StatesNo<CommitConditionChanged>();
        Ask(bench, 1, 1).States<CommitConditionChanged>().ShouldBe(new CommitConditionChanged(567, Memory, CommitCondition.High, 1));
        BenchTurn turn = bench.Hear(BenchCast.Process(1), new ReturnCommit(500, CommitKind.Private, 0));
        turn.Stated<CommitConditionChanged>().ShouldBe([new(67, Memory, CommitCondition.High, 0), new(67, Memory, CommitCondition.Low, 1)]);
    }

    [Fact]
    public void AFileThatCanGrowAgainIsAskedAgain()
    {
        var bench = Bench(1_001, 9_001);
        Answer(bench, 1, 1_400);
        Ask(bench, 2, 300);
        Grown(bench, 0, 1_001).Asks<CommitAnswered>(BenchCast.Process(2)).Status.ShouldBe(NtStatus.CommitmentLimit);
        Ask(bench, 2, 300).Asks<CommitAnswered>(BenchCast.Process(2)).Status.ShouldBe(NtStatus.CommitmentLimit);
        bench.Hear(BenchCast.PagingFile(0), new ExtensionPossible(9_001));
        Ask(bench, 2, 300).Asks<GrowPagingFile>(BenchCast.PagingFile(0));
    }

    [Fact]
    public void RestoredWithMembersItGoesOnAlike()
    {
        var bench = Bench(new JobPlan("batch") { ProcessMemory = 100, JobMemory = 150 });
        Join(bench, 3);
        Join(bench, 1);
        Answer(bench, 1, 60);
        var twin = bench.Twin(Space(0, 0, new JobPlan("batch") { ProcessMemory = 100, JobMemory = 150 }));
        bench.Alike(twin, one => Ask(one, 3, 90));
        bench.Alike(twin, one => Ask(one, 3, 1));
        bench.Alike(twin, one => one.Hear(BenchCast.Process(1), default(LeaveJob)));
    }

    private static SystemSpace Space(uint file, uint growTo, params IReadOnlyList<JobPlan> jobs) =>
        new(new MachinePlan(640) { PagingFiles = file == 0 ? [] : [new PagingFilePlan(file) { MaximumPages = growTo }], Jobs = jobs }, BenchCast.Of(file == 0 ? 0 : 1));

    private static ActorBench Bench(params IReadOnlyList<JobPlan> jobs) => Bench(0, 0, jobs);

    private static ActorBench Bench(uint file, uint growTo, params IReadOnlyList<JobPlan> jobs) => new(Space(file, growTo, jobs), BenchCast.SystemSpace);

    private static SystemSpace Of(ActorBench bench) => (SystemSpace)bench.Actor;

    private static BenchTurn Join(ActorBench bench, int process) => bench.Hear(BenchCast.Process(process), new JoinJob(1));

    private static BenchTurn Ask(ActorBench bench, int process, ulong pages, CommitKind kind = CommitKind.Private) =>
        bench.Hear(BenchCast.Process(process), new ChargeCommit(pages, 0, kind));

    private static NtStatus Answer(ActorBench bench, int process, ulong pages) => Ask(bench, process, pages).Asks<CommitAnswered>(BenchCast.Process(process)).Status;

    private static BenchTurn Grown(ActorBench bench, uint added, uint pages) => bench.Hear(BenchCast.PagingFile(0), new PagingFileGrown(added, pages));
}
