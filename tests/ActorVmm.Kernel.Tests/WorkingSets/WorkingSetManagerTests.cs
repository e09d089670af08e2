using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.WorkingSets;

/// <summary>Rounds of trimming: who is asked for how much, in which order, and when it stops.</summary>
public sealed class WorkingSetManagerTests
{
    private readonly ManagerStory _story = new();

    [Fact]
    public void OneIdleProcessThatHasEnoughIsAskedAlone()
    {
        _story.Reports(1, 500);
        _story.Reports(2, 400);
        var turn = _story.IsLow(10);
        turn.Asks<TrimWorkingSet>(BenchCast.Process(1)).ShouldBe(new TrimWorkingSet(90, 0, 0));
        turn.States<TrimRoundBegan>().ShouldBe(new TrimRoundBegan(90, 0, 1, 10));
        turn.SentCount.ShouldBe(1);
    }

    [Fact]
    public void ModifiedPagesAreAlreadyOnTheirWay()
    {
        _story.Reports(1, 500);
        _story.IsLow(5, modified: 14, waiters: 1).Asks<TrimWorkingSet>(BenchCast.Process(1)).Goal.ShouldBe(81);
    }

    // What is asked of processes 1 to 3, of which each has reported pages:minimum:faults:flags; memory lacks 90 pages.
    [Theory]
    [InlineData("50:0:1:0 60:0:1:0 10:0:1:0", "2:60 1:30")] // large before small
    [InlineData("60:0:1:0 60:0:1:0 60:0:1:0", "1:60 2:30")] // the older of two that are alike
    [InlineData("99:90:1:0 60:0:1:0 60:0:1:0", "2:60 3:30")] // what counts is what lies above the minimum
    [InlineData("99:50:1:0 30:0:1:0 30:10:1:0", "1:49 2:30 3:11")] // as few as needed
    [InlineData("30:0:1:0 30:0:1:0 10:0:1:0", "1:30 2:30 3:10")] // what there is
    [InlineData("500:0:1:2 60:0:1:0 60:0:1:1", "2:60 3:30")] // who replaces its own pages is left alone
    public void ThoseWithMostToGiveAreAsked(string reports, string asked)
    {
        Report(reports);
        Asked(_story.IsLow(10)).ShouldBe(asked);
    }

    [Fact]
    public void IdleProcessesAreAskedBeforeBusyOnes()
    {
        Report("200:0:1:0 100:0:1:0 50:0:1:0");
        Asked(_story.IsLow(10)).ShouldBe("1:90");
        _story.Trimmed(1, 90, 110);
        _story.Available(Plenty);

        // Processes 1 and 2 have faulted since; the third one has not.
        _story.Reports(1, 200, faults: 9);
        _story.Reports(2, 100, faults: 5);
        Asked(_story.IsLow(10)).ShouldBe("3:50 1:40");
    }

    [Fact]
    public void EachPassLooksAtYoungerPagesAndAsksMoreProcesses()
    {
        Report("500:0:1:0 400:0:1:0 300:0:1:0 200:0:1:0 200:0:1:0 200:0:1:0 200:0:1:0 200:0:1:0 200:0:1:0");
        var turn = _story.IsLow(10);
        (int Pass, int Asked, int Goal)[] passes = [.. Enumerable.Range(0, 4).Select(_ =>
        {
            var asked = turn.Sent<TrimWorkingSet>();
            turn = AnswerAll(turn, trimmed: 1);
            turn.Asks<ReportAvailable>(BenchCast.PfnDatabase);
            turn = _story.Available(Low + 5);
            return (asked[0].Pass, asked.Count, asked.Sum(one => one.Goal));
        })];
        passes.ShouldBe([(0, 1, 90), (1, 2, 75), (2, 4, 75), (3, 8, 75)]);
        turn.AsksNothing();
    }

    [Fact]
    public void NobodyIsAskedForNothing()
    {
        Report("500:0:1:0 400:0:1:0 300:0:1:0 200:0:1:0");
        _story.IsLow(10);
        _story.Trimmed(1, 89, 411);
        Asked(_story.Available(Plenty - 1, waiters: 1)).ShouldBe("1:1");
        _story.Trimmed(1, 0, 411);
        Asked(_story.Available(Plenty - 3, waiters: 1)).ShouldBe("1:1 2:1 3:1");
    }

    [Fact]
    public void ItStopsWhenThereIsPlenty()
    {
        _story.Reports(1, 500);
        _story.IsLow(10);
        var turn = _story.Trimmed(1, 90, 410);
        turn.States<TrimRoundEnded>().ShouldBe(new TrimRoundEnded(90, 90, 0));
        turn.Asks<ReportAvailable>(BenchCast.PfnDatabase);
        _story.Available(30, modified: 70).AsksNothing();
    }

    [Fact]
    public void OnlyWhenAllHaveAnsweredItLooksWhatThatHasBrought()
    {
        Report("50:0:1:0 50:0:1:0");
        _story.IsLow(10).Sent<TrimWorkingSet>().Count.ShouldBe(2);
        _story.Trimmed(2, 40, 10).AsksNothing();
        _story.IsLow(12).AsksNothing();
        _story.Trimmed(1, 40, 10).Asks<ReportAvailable>(BenchCast.PfnDatabase);
    }

    [Fact]
    public void AProcessThatLeavesHasAnswered()
    {
        Report("50:0:1:0 50:0:1:0");
        _story.IsLow(10);
        _story.Leaves(1).AsksNothing();
        _story.Trimmed(2, 1, 49).Asks<ReportAvailable>(BenchCast.PfnDatabase);
        Asked(_story.Available(10)).ShouldBe("2:49");
        _story.Leaves(2).Asks<ReportAvailable>(BenchCast.PfnDatabase);
        _story.Available(10).AsksNothing();
    }

    // The answer was under way when the process left, or the process never reported: neither is an error.
    [Fact]
    public void AnAnswerFromNobodyIsIgnored()
    {
        _story.Leaves(1).AsksNothing();
        _story.Trimmed(1, 5, 5).AsksNothing();
    }

    [Fact]
    public void FramesKeptReadyAreRecalledFirstAndAsManyAsNeeded()
    {
        _story.Reports(1, 500);
        _story.Reports(2, 10, kept: 6);
        _story.Reports(3, 10, kept: 80);
        var turn = _story.IsLow(10);
        turn.AskedBy<RecallFrames>().ShouldBe([BenchCast.Process(2), BenchCast.Process(3)]);
        turn.Asks<TrimWorkingSet>(BenchCast.Process(1)).Goal.ShouldBe(4);
    }

    [Fact]
    public void FramesKeptReadyMayBeEnough()
    {
        _story.Reports(1, 500, kept: 95);
        _story.Reports(2, 500, kept: 6);
        var turn = _story.IsLow(10);
        turn.Asks<RecallFrames>(BenchCast.Process(1));
        turn.AsksNo<TrimWorkingSet>();
        turn.Asks<ReportAvailable>(BenchCast.PfnDatabase);
        _story.Available(Plenty).AsksNothing();
    }

    [Fact]
    public void AnAnswerWithoutAQuestionStopsTheMachine()
    {
        _story.Reports(1, 500);
        Should.Throw<BugCheckException>(() => _story.Trimmed(1, 1, 1)).Message.ShouldContain("once for each time it was asked");
        Should.Throw<BugCheckException>(() => _story.Available(5)).Message.ShouldContain("when it is asked");
        Should.Throw<BugCheckException>(() => _story.Bench.Hear(BenchCast.PfnDatabase, new TakeFree(1))).Message.ShouldContain("working-set manager");
    }

    [Fact]
    public void TheSilentCostNothing()
    {
        var writer = new SnapshotWriter();
        _story.Reports(1, 5);
        _story.Bench.Actor.Encode(writer);
        int size = writer.Written.Length;
        _story.Bench.Hear(new ActorId(1_000_000), new WorkingSetChanged(7, 0, 345, 0, 1, 0));
        writer.Clear();
        _story.Bench.Actor.Encode(writer);
        (writer.Written.Length - size).ShouldBeLessThan(64, "a row for the one that has spoken, none for those between");
    }

    private const int Low = ManagerStory.Low;
    private const int Plenty = ManagerStory.Plenty;

    private static string Asked(BenchTurn turn) =>
        string.Join(' ', turn.AskedBy<TrimWorkingSet>().Zip(turn.Sent<TrimWorkingSet>(), (to, trim) => $"{to.Value - BenchCast.Process(0).Value}:{trim.Goal}"));

    private void Report(string reports)
    {
        int process = 0;
        foreach (string report in reports.Split(' '))
        {
            int[] numbers = [.. report.Split(':').Select(int.Parse)];
            _story.Reports(++process, numbers[0], numbers[1], 0, (uint)numbers[2], numbers[3]);
        }
    }

    private BenchTurn AnswerAll(BenchTurn turn, int trimmed)
    {
        foreach (var process in turn.AskedBy<TrimWorkingSet>())
        {
            turn = _story.Bench.Hear(process, new WorkingSetTrimmed(trimmed, 200, 0));
        }

        return turn;
    }
}
