namespace ActorVmm.Explorer.Tests;

/// <summary>Budgets, checkpoints, schedules, and all strategies.</summary>
public sealed class ExplorationTests
{
    [Theory]
    [InlineData(StrategyKind.Random)]
    [InlineData(StrategyKind.Pct)]
    [InlineData(StrategyKind.Pctcp)]
    [InlineData(StrategyKind.Pos)]
    [InlineData(StrategyKind.Delay)]
    [InlineData(StrategyKind.Dpor)]
    [InlineData(StrategyKind.Portfolio)]
    public void EveryStrategyFindsARaceAndNothingInTheRepairedVariant(StrategyKind strategy)
    {
        ExplorationOptions options = new() { Strategy = strategy, Schedules = 20_000, Depth = 3 };

        new Exploration(Explored.Model("exit-in-flight", false), options).Run().Findings.ShouldHaveSingleItem();
        new Exploration(Explored.Model("exit-in-flight", true), options).Run().Findings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("collided-fault")]
    [InlineData("lost-writeback")]
    [InlineData("unzeroed-page")]
    [InlineData("exit-in-flight")]
    [InlineData("shoot-down")]
    [InlineData("pinned-cow")]
    [InlineData("slot-reuse")]
    public void ThePortfolioFindsEveryCountedRaceSoon(string name)
    {
        ulong[] seeds = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1];
        foreach (ulong seed in seeds)
        {
            new Exploration(Explored.Model(name, false), new ExplorationOptions { Seed = seed, Schedules = 1_000, StopOnFirst = true }).Run()
                .Findings.ShouldHaveSingleItem();
        }
    }

    [Fact]
    public void SchedulesAndTurnsEndASearch()
    {
        ISubject subject = Programs.Senders(6);

        ExplorationResult few = new Exploration(subject, new ExplorationOptions { Strategy = StrategyKind.Dpor, Schedules = 10 }).Run();
        (few.Schedules, few.Exhausted).ShouldBe((10, false));
        few.EstimatedTraces.ShouldBeGreaterThan(10);

        ExplorationResult turns = new Exploration(subject, new ExplorationOptions { Strategy = StrategyKind.Random, Turns = 1_000 }).Run();
        turns.Turns.ShouldBeInRange(1_000, 1_000 + (64 * 12));
    }

    [Fact]
    public void ASearchThatIsCancelledSaysWhereItWas()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();

        ExplorationResult result = new Exploration(Programs.Senders(7), new ExplorationOptions { Strategy = StrategyKind.Dpor }).Run(stop.Token);

        result.Exhausted.ShouldBeFalse();
        result.Checkpoint.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("lost-writeback", DeliveryModel.Bag, 7)]
    [InlineData("slot-reuse", DeliveryModel.Mailbox, 1)]
    [InlineData("collided-fault", DeliveryModel.Fifo, 5)]
    public void AnExhaustiveSearchGoesOnFromItsCheckpoint(string name, DeliveryModel model, long step)
    {
        ISubject subject = Explored.Model(name, false);
        ExplorationOptions options = new() { Strategy = StrategyKind.Dpor, Setting = new ExecutionSetting { Model = model } };
        ExplorationResult whole = new Exploration(subject, options).Run();
        Checkpoint? at = null;
        ExplorationResult part;
        long parts = 0;
        do
        {
            part = new Exploration(subject, options with { From = at, Schedules = (at?.Schedules ?? 0) + step }).Run();
            at = part.Checkpoint is { } left ? Checkpoint.Parse((left with { Of = name }).ToString()) : null;
            parts++;
        }
        while (at is not null);

        parts.ShouldBe((whole.Schedules + step - 1) / step);
        (part.Traces, part.ViolatingTraces, part.Blocked, part.Exhausted).ShouldBe((whole.Traces, whole.ViolatingTraces, 0, true));
        part.Findings.Select(finding => (finding.FirstAt, finding.Schedule)).ShouldBe(whole.Findings.Select(finding => (finding.FirstAt, finding.Schedule)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"Version\":2,\"Of\":\"x\"}")]
    public void WhatIsNoCheckpointIsRefused(string text) => Should.Throw<FormatException>(() => Checkpoint.Parse(text));

    [Fact]
    public void AScheduleShowsAFindingAgain()
    {
        ISubject subject = Explored.Model("slot-reuse", false);
        Finding finding = Explored.Dpor(subject, DeliveryModel.Bag).Findings.ShouldHaveSingleItem();

        ExplorationResult again = new Exploration(subject, new ExplorationOptions
        {
            Strategy = StrategyKind.Replay, Schedule = Schedule.Parse(finding.Schedule.ToString()), Setting = new ExecutionSetting { Model = DeliveryModel.Bag },
        }).Run();

        again.Findings.ShouldHaveSingleItem().Violation.ShouldBe(finding.Violation);
        again.Findings[0].Schedule.ShouldBe(finding.Schedule);
    }
}
