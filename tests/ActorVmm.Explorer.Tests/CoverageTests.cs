using System.Reflection;
using ActorVmm.Journal.Messages;

namespace ActorVmm.Explorer.Tests;

/// <summary>What a search has come through.</summary>
public sealed class CoverageTests
{
    [Theory]
    [InlineData(StrategyKind.Random)]
    [InlineData(StrategyKind.Pct)]
    [InlineData(StrategyKind.Pctcp)]
    [InlineData(StrategyKind.Pos)]
    [InlineData(StrategyKind.Delay)]
    [InlineData(StrategyKind.Dpor)]
    [InlineData(StrategyKind.Portfolio)]
    public void EveryStrategySaysWhichMessagesRaced(StrategyKind strategy)
    {
        Coverage coverage = Search(strategy, Programs.Senders(3), 2_000).Coverage.ShouldNotBeNull();

        // Three messages to one receiver: three pairs, and each strategy finds each in both orders.
        (coverage.RacingPairs, coverage.BothOrders).ShouldBe((3, 3));
        coverage.Sometimes.ShouldBeEmpty();
    }

    [Fact]
    public void OneScheduleSeesOneOrder()
    {
        Coverage coverage = Search(StrategyKind.Dpor, Programs.Senders(3), 1).Coverage.ShouldNotBeNull();

        // The first and the third came one after the other too, but not without the second between them.
        (coverage.RacingPairs, coverage.BothOrders).ShouldBe((2, 0));
    }

    [Theory]
    [InlineData(StrategyKind.Random)]
    [InlineData(StrategyKind.Dpor)]
    public void WorkersCoverTogetherWhatOneCovers(StrategyKind strategy)
    {
        Coverage one = Search(strategy, Explored.Model("exit-in-flight", false), 500, workers: 1).Coverage!;
        Coverage three = Search(strategy, Explored.Model("exit-in-flight", false), 500, workers: 3).Coverage!;

        (three.RacingPairs, three.BothOrders).ShouldBe((one.RacingPairs, one.BothOrders));
    }

    [Fact]
    public void NothingIsNotedUnlessAsked() =>
        new Exploration(Programs.Senders(2), new ExplorationOptions { Strategy = StrategyKind.Random, Schedules = 2 }).Run().Coverage.ShouldBeNull();

    /// <summary>A finding of a race is a recorded run, so journals have to know each of its words.</summary>
    [Fact]
    public void JournalsKnowEveryWordOfTheRaces()
    {
        MessageRegistry registry = RaceMessages.AddTo(ProtocolMessages.Create());
        Type[] words = [.. typeof(RaceModel).Assembly.GetTypes().Where(type => type.IsValueType && typeof(IMessage).IsAssignableFrom(type))];

        words.Length.ShouldBeGreaterThan(70);
        foreach (Type word in words)
        {
            int kind = (int)word.GetField("Kind", BindingFlags.Public | BindingFlags.Static)!.GetRawConstantValue()!;
            registry.Find(kind).ShouldNotBeNull(word.FullName).Name.ShouldBe(word.Name);
        }
    }

    private static ExplorationResult Search(StrategyKind strategy, ISubject subject, long schedules, int workers = 1) =>
        new Exploration(subject, new ExplorationOptions { Strategy = strategy, Schedules = schedules, Workers = workers, Covers = true }).Run();
}
