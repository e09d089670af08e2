using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.WorkingSets;

/// <summary>What the working-set manager does when passes by age have not brought enough, and how it keeps from spinning.</summary>
public sealed class LastResortTests
{
    private readonly ManagerStory _story = new();

    [Fact]
    public void PagesInUseAreTakenOnlyWhenMemoryIsReallyShort()
    {
        _story.Reports(1, 500, minimum: 100);
        Passes(_story.IsLow(10), available: ManagerStory.Low).ShouldBe([(0, 0), (1, 0), (2, 0), (3, 0)]);
    }

    [Fact]
    public void WithoutRequestsThatWaitNobodyIsTrimmedBelowItsMinimum()
    {
        _story.Reports(1, 500, minimum: 100);
        Passes(_story.IsLow(10), available: 10).ShouldBe([(0, 0), (1, 0), (2, 0), (3, 0), (4, 0)]);
    }

    [Fact]
    public void WhenRequestsWaitMinimumsGoLast()
    {
        _story.Reports(1, 500, minimum: 100);
        _story.Reports(2, 80, minimum: 100);
        Passes(_story.IsLow(0, waiters: 1), available: 0, waiters: 1)
            .ShouldBe([(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (4, 1), (4, 1)]);
        _story.Bench.SentSoFar<TrimWorkingSet>().TakeLast(2).Select(trim => trim.Goal).ShouldBe([50, 50]);
    }

    [Fact]
    public void BelowMinimumsTheLargestIsAskedFirst()
    {
        _story.Reports(1, 0, minimum: 100);
        _story.Reports(2, 50, minimum: 100);
        _story.Reports(3, 99, minimum: 100);
        var turn = _story.IsLow(0, waiters: 1);
        turn.Asks<TrimWorkingSet>(BenchCast.Process(3)).ShouldBe(new TrimWorkingSet(100, 4, 1));
    }

    [Fact]
    public void AHardMinimumHolds()
    {
        _story.Reports(1, 100, minimum: 100, flags: 1);
        _story.Reports(2, 90, minimum: 100);
        var turn = _story.IsLow(0, waiters: 1);

        // The guaranteed one is asked for one page, which can only be a page table: it refuses all others.
        turn.SentTo<TrimWorkingSet>(BenchCast.Process(2)).ShouldHaveSingleItem().ShouldBe(new TrimWorkingSet(91, 4, 1));
        turn.SentTo<TrimWorkingSet>(BenchCast.Process(1)).ShouldHaveSingleItem().ShouldBe(new TrimWorkingSet(1, 4, 1));
    }

    // A process without pages first has to find out whether its tables still lead to pages, then it can give them; a third question
    // would be in vain, and there may be thousands like it.
    [Fact]
    public void WhoHasNothingIsAskedTwiceAndThenLeftAloneUntilTheTick()
    {
        _story.Reports(1, 0);
        for (int times = 0; times < 2; times++)
        {
            _story.IsLow(0, waiters: 1).Asks<TrimWorkingSet>(BenchCast.Process(1));
            _story.Trimmed(1, 0, 0);
            _story.Available(0, waiters: 1).AsksNothing();
            _story.Reports(2, times + 1, minimum: 100, flags: 1).Asks<ReportAvailable>(BenchCast.PfnDatabase);
            _story.Available(100);
        }

        FindsNothing(_story.IsLow(0, waiters: 1), available: 0, waiters: 1);
        _story.Tick();
        _story.Available(0, waiters: 1).Asks<TrimWorkingSet>(BenchCast.Process(1));
    }

    [Fact]
    public void WhoReplacesItsOwnPagesIsTrimmedOnlyBeforeOthersStarve()
    {
        _story.Reports(1, 100, flags: 2);
        Passes(_story.IsLow(10), available: 10).ShouldBeEmpty();
        _story.Tick();
        Passes(_story.Available(0, waiters: 1), available: 0, waiters: 1).ShouldBe([(4, 1)]);
    }

    // Page tables are pages too: when a process has nothing else left, they may go.
    [Fact]
    public void AnEmptyWorkingSetIsAskedForItsPageTablesAtLast()
    {
        _story.Reports(1, 0);
        var turn = _story.IsLow(0, waiters: 1);
        turn.Asks<TrimWorkingSet>(BenchCast.Process(1)).ShouldBe(new TrimWorkingSet(1, 4, 1));
    }

    [Fact]
    public void TheLastResortGoesThroughEverybodyBeforeTheNextResort()
    {
        for (int process = 1; process <= 40; process++)
        {
            _story.Reports(process, 60, minimum: 50);
        }

        var asked = Passes(_story.IsLow(0, waiters: 1), available: 0, waiters: 1, trimmed: 0);
        asked.Count(pass => pass == (4, 0)).ShouldBe(40);
        asked.Count(pass => pass == (4, 1)).ShouldBe(40);
        asked.IndexOf((4, 1)).ShouldBeGreaterThan(asked.LastIndexOf((4, 0)));
    }

    [Fact]
    public void ARoundThatFoundNothingIsNotRepeatedBeforeTheTick()
    {
        _story.Reports(1, 50, minimum: 50);
        FindsNothing(_story.IsLow(10), available: 10);
        FindsNothing(_story.IsLow(5), available: 5);
        _story.Reports(1, 50, minimum: 20);
        FindsNothing(_story.IsLow(5), available: 5);
        _story.Tick().Asks<ReportAvailable>(BenchCast.PfnDatabase);
        _story.Available(5).Asks<TrimWorkingSet>(BenchCast.Process(1)).Goal.ShouldBe(30);
    }

    // The database says LowMemory once and then waits until it is asked. It must be asked also when nobody could be trimmed, or
    // requests that begin to wait later would wait for the tick.
    [Fact]
    public void AfterARoundInVainARequestThatWaitsOpensTheLastResorts()
    {
        _story.Reports(1, 50, minimum: 50);
        FindsNothing(_story.IsLow(10), available: 10);
        _story.IsLow(0, waiters: 1).Asks<TrimWorkingSet>(BenchCast.Process(1)).ShouldBe(new TrimWorkingSet(51, 4, 1));
    }

    [Fact]
    public void ARequestThatWaitsWhileTheDatabaseIsAskedOpensThemToo()
    {
        _story.Reports(1, 50, minimum: 50);
        _story.IsLow(10).Asks<ReportAvailable>(BenchCast.PfnDatabase);
        _story.Available(0, waiters: 1).Asks<TrimWorkingSet>(BenchCast.Process(1));
    }

    [Fact]
    public void WhenAWorkingSetHasGrownThereIsSomethingToFindAgain()
    {
        _story.Reports(1, 50, minimum: 50);
        FindsNothing(_story.IsLow(10), available: 10);
        _story.Reports(1, 49, minimum: 50).AsksNothing();
        FindsNothing(_story.IsLow(10), available: 10);
        _story.Reports(1, 70, minimum: 50).AsksNothing();
        _story.IsLow(10).Asks<TrimWorkingSet>(BenchCast.Process(1));
    }

    [Fact]
    public void WhenRequestsWaitAGrownWorkingSetIsLookedAtAtOnce()
    {
        _story.Reports(1, 50, minimum: 50, flags: 1);
        _story.IsLow(0, waiters: 2).Asks<TrimWorkingSet>(BenchCast.Process(1)).Goal.ShouldBe(1);
        _story.Trimmed(1, 0, 50);
        _story.Available(0, waiters: 2).AsksNothing();
        _story.Reports(1, 51, minimum: 50, flags: 1).Asks<ReportAvailable>(BenchCast.PfnDatabase);
        _story.Available(0, waiters: 2).Asks<TrimWorkingSet>(BenchCast.Process(1));
    }

    // The paging files are full: modified pages stay where they are, so they are no supply, and clean ones must be found.
    [Fact]
    public void ModifiedPagesThatNobodyWritesAreNoSupply()
    {
        _story.Reports(1, 500);
        _story.IsLow(0, modified: 200, waiters: 1).AsksNo<TrimWorkingSet>();
        _story.Available(0, modified: 200, waiters: 1).AsksNothing();
        _story.Tick();
        _story.Available(0, modified: 200, waiters: 1).AsksNo<TrimWorkingSet>();
        _story.Available(0, modified: 200, waiters: 1).AsksNothing();
        _story.Bench.FireTimer();
        _story.Available(0, modified: 200, waiters: 1).Asks<TrimWorkingSet>(BenchCast.Process(1)).Goal.ShouldBe(100);
    }

    [Fact]
    public void WithoutPagingFilesModifiedPagesAreNoSupply()
    {
        var story = new ManagerStory(pagingFiles: 0);
        story.Reports(1, 500);
        story.IsLow(10, modified: 300).Asks<TrimWorkingSet>(BenchCast.Process(1)).Goal.ShouldBe(90);
    }

    [Fact]
    public void OnATickWithEnoughMemoryNobodyIsAsked()
    {
        _story.Reports(1, 500);
        _story.Tick().AsksNothing();
        _story.Bench.FireTimer().AsksNothing();
        _story.Bench.Now.ShouldBe(Ticks.FromSeconds(1));
        _story.Bench.FireTimer().AsksNothing();
    }

    [Fact]
    public void ItTicksOnceASecondUntilTheScenarioEnds()
    {
        _story.Tick().Starts<ManagerTick>().ShouldBe(Ticks.FromSeconds(1));
        _story.Tick().StartsNoTimer();
        _story.Bench.FireTimer().Starts<ManagerTick>();
        _story.Bench.Hear(BenchCast.Operator, new StopTicking());
        _story.Bench.Timers.ShouldBeEmpty();
        _story.Bench.Hear(BenchCast.Operator, new StopTicking()).AsksNothing();
    }

    private void FindsNothing(BenchTurn turn, int available, int waiters = 0)
    {
        turn.AsksNo<TrimWorkingSet>();
        turn.Asks<ReportAvailable>(BenchCast.PfnDatabase);
        _story.Available(available, waiters: waiters).AsksNothing();
    }

    private static readonly int _processes = BenchCast.Process(0).Value;

    /// <summary>Lets a round run, in which everybody gives so many pages, and memory stays as it is: pass and below-minimum of each question.</summary>
    private List<(int Pass, int BelowMinimum)> Passes(BenchTurn turn, int available, int waiters = 0, int trimmed = 0)
    {
        var passes = new List<(int, int)>();
        while (turn.SentCount > 0)
        {
            foreach (var (process, trim) in turn.AskedBy<TrimWorkingSet>().Zip(turn.Sent<TrimWorkingSet>()).ToList())
            {
                passes.Add((trim.Pass, trim.BelowMinimum));
                int pages = _story.Bench.Turns.Last(one => one.Delivery.Sender == process && one.Delivery.Kind == WorkingSetChanged.Kind)
                    .Delivery.Read<WorkingSetChanged>().Pages;
                turn = _story.Trimmed(process.Value - _processes, trimmed, pages - trimmed);
            }

            turn.Asks<ReportAvailable>(BenchCast.PfnDatabase);
            turn = _story.Available(available, waiters: waiters);
            passes.Count.ShouldBeLessThan(1_000, "a round ends");
        }

        return passes;
    }
}
