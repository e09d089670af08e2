using ActorVmm.Explorer.Catalogue;
using ActorVmm.Explorer.Explaining;
using ActorVmm.Explorer.Shrinking;

namespace ActorVmm.Explorer.Tests.Catalogue;

/// <summary>What the portfolio finds of each race is shrunk to a finding of the same promise that no turn can be taken from, and told.</summary>
public sealed class CatalogueShrinkTests
{
    public static TheoryData<string> Names => Entries.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void AShrunkFindingBreaksTheSamePromiseAndCannotLoseATurn(string name)
    {
        CatalogueEntry entry = Entries.Find(name);
        ModelSubject subject = entry.Subject(isFixed: false);
        Finding finding = Entries.Portfolio(subject, seed: 1, stopOnFirst: true).Findings.ShouldHaveSingleItem();
        Shrinker shrinker = new(subject, new ExecutionSetting());

        ShrunkFinding shrunk = shrinker.Shrink(finding);

        shrunk.Violation.Specification.ShouldBe(entry.Model.Promise);
        shrunk.Turns.ShouldBeLessThanOrEqualTo(finding.Turns);
        ExplorationResult again = new Exploration(subject, new ExplorationOptions { Strategy = StrategyKind.Replay, Schedule = shrunk.Schedule }).Run();
        Violation broken = again.Findings.ShouldHaveSingleItem().Violation;
        (broken.Specification, broken.Turn, broken.IsAtEnd).ShouldBe((shrunk.Violation.Specification, shrunk.Violation.Turn, shrunk.BreaksAtEnd));
        if (!shrunk.BreaksAtEnd)
        {
            ShouldBeOneMinimal(subject, shrunk);
        }

        string words = string.Join('\n', new Explainer(subject, new ExecutionSetting()).Explain(shrunk));
        words.ShouldContain(shrunk.BreaksAtEnd ? "Broken after turn" : "Broken in turn");
    }

    /// <summary>A promise that waiting ends breaks when everything has come to rest, and in no turn.</summary>
    [Theory]
    [InlineData("moved-marker")]
    [InlineData("three-way-wait")]
    public void WhatBreaksAtTheEndIsSaidToBreakAtTheEnd(string name)
    {
        ModelSubject subject = Entries.Find(name).Subject(isFixed: false);
        Finding finding = Entries.Portfolio(subject, seed: 1, stopOnFirst: true).Findings.ShouldHaveSingleItem();

        new Shrinker(subject, new ExecutionSetting()).Shrink(finding).BreaksAtEnd.ShouldBeTrue();
    }

    private static void ShouldBeOneMinimal(ModelSubject subject, ShrunkFinding shrunk)
    {
        Shrinker runner = new(subject, new ExecutionSetting());
        ReplayUntil replay = new(shrunk);
        runner.Machine.Run(replay);
        List<ScriptedStep> steps = ScriptedStep.Of(runner.Machine.Record, shrunk.Turns);
        steps.Count.ShouldBe(shrunk.Turns);
        for (int at = 0; at < steps.Count; at++)
        {
            runner.Breaks([.. steps[..at], .. steps[(at + 1)..]], goesOn: false, shrunk.Violation.Specification).ShouldBeFalse($"turn {at + 1} can be left out");
        }
    }

    /// <summary>The shrunk schedule and no turn more.</summary>
    private sealed class ReplayUntil(ShrunkFinding shrunk) : IStrategy
    {
        private readonly Explorer.Strategies.ReplayStrategy _replay = new(shrunk.Schedule);
        private int _turns;

        public bool Begin(long execution) => true;

        public int NextDelivery(SteppedHost host) => _turns++ < shrunk.Turns ? _replay.NextDelivery(host) : -1;

        public int NextNumber(in ChoicePoint point) => _replay.NextNumber(in point);
    }
}
