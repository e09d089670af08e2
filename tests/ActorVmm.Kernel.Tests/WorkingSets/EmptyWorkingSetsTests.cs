using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.WorkingSets;

/// <summary>By order of the operator every process gives up everything (RAMMap's Empty Working Sets), also in the middle of other work.</summary>
public sealed class EmptyWorkingSetsTests
{
    private static readonly TrimWorkingSet _everything = new(int.MaxValue, 4, 1);

    private readonly ManagerStory _story = new();

    [Fact]
    public void EverybodyIsAskedForEverything()
    {
        _story.Reports(1, 30, minimum: 50);
        _story.Reports(2, 500, flags: 3);
        var turn = Empty();
        turn.Sent<TrimWorkingSet>().ShouldBe([_everything, _everything]);
        turn.States<TrimRoundBegan>().ShouldBe(new TrimRoundBegan(530, 4, 2, ManagerStory.Plenty));
        _story.Trimmed(1, 30, 0).AsksNothing();
        turn = _story.Trimmed(2, 500, 0);
        turn.States<TrimRoundEnded>().ShouldBe(new TrimRoundEnded(530, 530, 4));
        turn.AsksNothing();
    }

    [Fact]
    public void WithoutProcessesNothingHappens()
    {
        var turn = Empty();
        turn.AsksNothing();
        turn.StatesNo<TrimRoundBegan>();
    }

    [Fact]
    public void AWordOfLowMemoryMeanwhileIsLookedAtAfterwards()
    {
        _story.Reports(1, 500);
        Empty();
        _story.IsLow(10).AsksNothing();
        _story.Trimmed(1, 500, 0).Asks<ReportAvailable>(BenchCast.PfnDatabase);
        _story.Available(510).AsksNothing();
    }

    [Fact]
    public void InTheMiddleOfARoundTheRoundWaitsForAllAnswers()
    {
        _story.Reports(1, 500);
        _story.IsLow(10).Asks<TrimWorkingSet>(BenchCast.Process(1)).Goal.ShouldBe(90);
        Empty();
        _story.Trimmed(1, 90, 410).AsksNothing();
        _story.Trimmed(1, 410, 0).Asks<ReportAvailable>(BenchCast.PfnDatabase);
        _story.Available(510).AsksNothing();
    }

    [Fact]
    public void WhileTheDatabaseIsAskedTheAnswersOfProcessesAskNothingMore()
    {
        _story.Reports(1, 500);
        _story.IsLow(10);
        _story.Trimmed(1, 10, 490).Asks<ReportAvailable>(BenchCast.PfnDatabase);
        Empty();
        _story.Trimmed(1, 490, 0).AsksNothing();
        _story.Available(510).AsksNothing();
    }

    [Fact]
    public void AProcessThatLeavesHasAnsweredBothQuestions()
    {
        _story.Reports(1, 500);
        _story.IsLow(10);
        Empty();
        _story.Leaves(1).Asks<ReportAvailable>(BenchCast.PfnDatabase);
    }

    private BenchTurn Empty() => _story.Bench.Hear(BenchCast.Operator, new EmptyWorkingSets());
}
