using ActorVmm.Actors;
using ActorVmm.Kernel.SystemSpaces;
using ActorVmm.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Kernel.Tests.SystemSpaces;

public sealed class SystemSpaceTests
{
    // 640 frames, 10 of them for the system, and paging files of 1,000 pages and a header each.
    private const ulong Memory = 630;

    [Theory]
    [InlineData(0, 630)]
    [InlineData(1, 1_630)]
    [InlineData(2, 2_630)]
    public void TheLimitIsMemoryAndPagingFilesWithoutHeaders(int files, ulong limit) => Space(files).Limit.ShouldBe(limit);

    [Fact]
    public void AChargeIsAllOrNothing()
    {
        var bench = Bench(0);
        Charge(bench, 1, Memory).Status.ShouldBe(NtStatus.Success);
        var turn = bench.Hear(BenchCast.Process(2), new ChargeCommit(1, 8, CommitKind.Private));
        turn.Asks<CommitAnswered>(BenchCast.Process(2)).ShouldBe(new CommitAnswered(1, 8, NtStatus.CommitmentLimit));
        turn.States<CommitRefused>().ShouldBe(new CommitRefused(1, Memory, Memory, BenchCast.Process(2), CommitKind.Private));
        Of(bench).Total.ShouldBe(Memory);
    }

    [Fact]
    public void EachKindHasItsOwnLedger()
    {
        var bench = Bench(0);
        Charge(bench, 1, 100, CommitKind.Private);
        Charge(bench, 1, 7, CommitKind.PageTable);
        Return(bench, 1, 40, CommitKind.Private).States<CommitReturned>()
            .ShouldBe(new CommitReturned(40, 67, Memory, BenchCast.Process(1), CommitKind.Private));
        (Of(bench).Private, Of(bench).PageTables, Of(bench).Total, Of(bench).Peak).ShouldBe((60UL, 7UL, 67UL, 107UL));
    }

    [Fact]
    public void AnAbsurdChargeIsRefused()
    {
        var bench = Bench(1, growTo: 10_001);
        Charge(bench, 1, 5);
        Charge(bench, 1, ulong.MaxValue).Status.ShouldBe(NtStatus.CommitmentLimit);
        bench.SentSoFar<GrowPagingFile>().ShouldBeEmpty("no file could grow so far");
    }

    [Fact]
    public void ReturningMoreThanWasChargedStopsTheMachine()
    {
        var bench = Bench(0);
        Charge(bench, 1, 10, CommitKind.Private);
        Charge(bench, 1, 10, CommitKind.PageTable);
        Should.Throw<BugCheckException>(() => Return(bench, 1, 11, CommitKind.Private)).Message.ShouldContain("no more commitment is returned than was charged");
    }

    [Fact]
    public void AGrowthThatNobodyAskedForStopsTheMachine() => Should.Throw<BugCheckException>(() => Grown(Bench(1), 0, 1, 1_002));

    // R20: many committers wait for one extension of the paging file; then each has its charge or its refusal, in order.
    [Fact]
    public void ChargesThatDoNotFitWaitForThePagingFileToGrow()
    {
        var bench = Bench(1, growTo: 2_001);
        Charge(bench, 1, 1_467);
        var turn = Ask(bench, 2, 300);
        turn.AsksNo<CommitAnswered>();
        turn.Asks<GrowPagingFile>(BenchCast.PagingFile(0)).Pages.ShouldBe(333U, "1,767 pages are then 90 % of the limit");
        Ask(bench, 3, 200).AsksNothing();
        Ask(bench, 4, 5).Asks<CommitAnswered>(BenchCast.Process(4)).Status.ShouldBe(NtStatus.Success, "what fits need not wait");

        turn = Grown(bench, 0, 333, 1_334);
        turn.States<CommitLimitChanged>().Limit.ShouldBe(1_963UL);
        turn.Asks<CommitAnswered>(BenchCast.Process(2)).Status.ShouldBe(NtStatus.Success);
        turn.Asks<GrowPagingFile>(BenchCast.PagingFile(0)).Pages.ShouldBe(256U, "the second one waits on");

        turn = Grown(bench, 0, 256, 1_590);
        turn.Asks<CommitAnswered>(BenchCast.Process(3)).Status.ShouldBe(NtStatus.Success);
        turn.AsksNo<GrowPagingFile>();
        Of(bench).Total.ShouldBe(1_972UL);
    }

    [Fact]
    public void AFileThatCannotGrowAfterAllEndsTheWait()
    {
        var bench = Bench(1, growTo: 9_001);
        Charge(bench, 1, 1_400);
        Ask(bench, 2, 300);
        Grown(bench, 0, 0, 1_001).Asks<CommitAnswered>(BenchCast.Process(2)).Status.ShouldBe(NtStatus.CommitmentLimit);
        Ask(bench, 3, 300).AsksNo<GrowPagingFile>();
    }

    [Fact]
    public void WhatWasReturnedMeanwhileHelps()
    {
        var bench = Bench(1, growTo: 9_001);
        Charge(bench, 1, 1_400);
        Ask(bench, 2, 300);
        Return(bench, 1, 1_000, CommitKind.Private).AsksNothing();
        Grown(bench, 0, 0, 1_001).Asks<CommitAnswered>(BenchCast.Process(2)).Status.ShouldBe(NtStatus.Success);
    }

    [Fact]
    public void OfTwoThatWaitTheSecondIsRefusedWhenTheFirstHasTakenTheRest()
    {
        var bench = Bench(1, growTo: 1_501);
        Charge(bench, 1, 1_600);
        Ask(bench, 2, 400);
        Ask(bench, 3, 400);
        var turn = Grown(bench, 0, 500, 1_501);
        turn.SentTo<CommitAnswered>(BenchCast.Process(2)).ShouldHaveSingleItem().Status.ShouldBe(NtStatus.Success);
        turn.SentTo<CommitAnswered>(BenchCast.Process(3)).ShouldHaveSingleItem().Status.ShouldBe(NtStatus.CommitmentLimit);
    }

    [Fact]
    public void GrowthIsSpreadOverFilesThatHaveRoom()
    {
        var bench = Bench(3, growTo: 1_101);
        Ask(bench, 1, 3_700).Sent<GrowPagingFile>().ShouldBe([new(100), new(100), new(100)]);
        Grown(bench, 0, 100, 1_101).AsksNothing();
        Grown(bench, 2, 100, 1_101).AsksNothing();
        Grown(bench, 1, 100, 1_101).Asks<CommitAnswered>(BenchCast.Process(1)).Status.ShouldBe(NtStatus.Success);
    }

    // Fact book §21: files grow at 90 % of the limit, before anybody has to wait.
    [Fact]
    public void FilesGrowAheadOfNeed()
    {
        var bench = Bench(1, growTo: 9_001);
        Ask(bench, 1, 1_467).AsksNo<GrowPagingFile>();
        var turn = Ask(bench, 1, 2);
        turn.Asks<CommitAnswered>(BenchCast.Process(1)).Status.ShouldBe(NtStatus.Success);
        turn.Asks<GrowPagingFile>(BenchCast.PagingFile(0)).Pages.ShouldBe(256U);
        Ask(bench, 1, 1).AsksNo<GrowPagingFile>();
    }

    [Fact]
    public void RestoredWithChargesWaitingItGoesOnAlike()
    {
        var bench = Bench(2, growTo: 2_001);
        Charge(bench, 1, 2_600);
        Ask(bench, 2, 300);
        Ask(bench, 3, 1_000);
        var twin = bench.Twin(Space(2, growTo: 2_001));
        bench.Alike(twin, one => Grown(one, 0, 500, 1_501));
        bench.Alike(twin, one => Ask(one, 4, 100));
        bench.Alike(twin, one => Grown(one, 1, 0, 1_001));
        bench.Alike(twin, one => Return(one, 2, 300, CommitKind.Private));
        while (bench.SentSoFar<GrowPagingFile>().Count > bench.Turns.Count(turn => turn.Delivery.Kind == PagingFileGrown.Kind))
        {
            bench.Alike(twin, one => Grown(one, 0, 0, 1_501));
        }

        bench.SentSoFar<CommitAnswered>().Count.ShouldBe(4, "everybody is answered");
    }

    // Thousands of charges and returns against the simplest ledger there is: a sum, and a limit that moves when files do.
    [Fact]
    public void ManyStepsAgreeWithASum() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<ushort[]>(),
            steps =>
            {
                var bench = Bench(2, growTo: 1_600);
                uint[] pages = [1_001, 1_001];
                var growth = new Queue<(int File, uint Pages)>();
                var owned = new Dictionary<(int Process, CommitKind Kind), ulong>();
                int asked = 0;
                int answered = 0;
                foreach (ushort step in steps.Concat(steps).Concat(steps).Concat(steps))
                {
                    var key = (Process: 1 + (step % 5), Kind: (CommitKind)(step / 5 % 2));
                    ulong held = owned.GetValueOrDefault(key);
                    BenchTurn turn;
                    if (step % 7 == 0 && growth.TryDequeue(out var grow))
                    {
                        uint added = step % 11 == 0 ? 0 : grow.Pages;
                        pages[grow.File] += added;
                        turn = Grown(bench, grow.File, added, pages[grow.File]);
                    }
                    else if (step % 3 == 0 && held > 0)
                    {
                        ulong back = 1 + (step % held);
                        owned[key] = held - back;
                        turn = Return(bench, key.Process, back, key.Kind);
                    }
                    else
                    {
                        asked++;
                        turn = bench.Hear(BenchCast.Process(key.Process), new ChargeCommit(step % 500U, (int)key.Kind, key.Kind));
                    }

                    foreach (var charged in turn.Stated<CommitCharged>())
                    {
                        var owner = (charged.Process.Value - BenchCast.Process(0).Value, charged.For);
                        owned[owner] = owned.GetValueOrDefault(owner) + charged.Pages;
                    }

                    answered += turn.Sent<CommitAnswered>().Count;
                    foreach (var (file, wish) in turn.AskedBy<GrowPagingFile>().Zip(turn.Sent<GrowPagingFile>()))
                    {
                        growth.Enqueue((file.Value - BenchCast.PagingFile(0).Value, wish.Pages));
                    }

                    var space = Of(bench);
                    space.Total.ShouldBe((ulong)owned.Values.Sum(value => (long)value));
                    space.Limit.ShouldBe(Memory + pages[0] - 1 + pages[1] - 1);
                    space.Total.ShouldBeLessThanOrEqualTo(space.Limit);
                    (growth.Count > 0 || asked == answered).ShouldBeTrue("whoever waits, waits for growth");
                }
            }).QuickCheckThrowOnFailure();

    private static SystemSpace Space(int files, uint growTo = 0) =>
        new(new MachinePlan(640) { PagingFiles = [.. Enumerable.Repeat(new PagingFilePlan(1_001) { MaximumPages = Math.Max(growTo, 1_001) }, files)] }, BenchCast.Of(files));

    private static ActorBench Bench(int files, uint growTo = 0) => new(Space(files, growTo), BenchCast.SystemSpace);

    private static SystemSpace Of(ActorBench bench) => (SystemSpace)bench.Actor;

    private static BenchTurn Ask(ActorBench bench, int process, ulong pages, CommitKind kind = CommitKind.Private) =>
        bench.Hear(BenchCast.Process(process), new ChargeCommit(pages, 0, kind));

    private static CommitAnswered Charge(ActorBench bench, int process, ulong pages, CommitKind kind = CommitKind.Private) =>
        Ask(bench, process, pages, kind).Asks<CommitAnswered>(BenchCast.Process(process));

    private static BenchTurn Return(ActorBench bench, int process, ulong pages, CommitKind kind) =>
        bench.Hear(BenchCast.Process(process), new ReturnCommit(pages, kind, 0));

    private static BenchTurn Grown(ActorBench bench, int file, uint added, uint pages) =>
        bench.Hear(BenchCast.PagingFile(file), new PagingFileGrown(added, pages));
}
