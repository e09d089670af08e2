using ActorVmm.Machine.Timelines;
using ActorVmm.Machine.Views;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests.Timelines;

/// <summary>Equal runs have no difference; different ones part at a turn before which every actor's turns are the same.</summary>
public sealed class TimelineDiffTests
{
    private const string Crowd = """
          crowd:
            count: 4
            phases:
              - reserve: { name: heap, size: 512KiB }
              - commit:  { region: heap }
              - touch:   { region: heap, pattern: uniform, writes: 60%, count: 400 }
        """;

    [Fact]
    public void TheSameRunHasNoDifference()
    {
        using var a = new RerunTimeline(Scenario(1));
        using var b = new RerunTimeline(Scenario(1));

        TimelineDiff.Find(a, b).ShouldBeNull();
        a.Length.ShouldNotBeNull().ShouldBe(b.Length.ShouldNotBeNull());
    }

    [Fact]
    public void AnotherSeedPartsAtATurnThatDiffers()
    {
        using var a = new RerunTimeline(Scenario(1));
        using var b = new RerunTimeline(Scenario(2));

        TimelineDifference difference = TimelineDiff.Find(a, b).ShouldNotBeNull();
        long at = difference.A.ShouldNotBeNull();
        difference.B.ShouldBe(at);
        a.Seek(at - 1);
        b.Seek(at - 1);
        a.Turn.ShouldNotBeNull().Stamp.ShouldBe(b.Turn.ShouldNotBeNull().Stamp);
        DiffView.Draw(difference, a, b).Text().ShouldContain("The runs part at turn");
    }

    [Fact]
    public void ARunCutShortDiffersWhereItEnds()
    {
        using var a = new RerunTimeline(Scenario(1));
        using var b = new RerunTimeline(Scenario(1), until: Ticks.FromMicroseconds(300));

        TimelineDifference difference = TimelineDiff.Find(a, b).ShouldNotBeNull();
        difference.B.ShouldBeNull();
        b.Seek(long.MaxValue);
        difference.A.ShouldBe(b.Length + 1);
        DiffView.Draw(difference, a, b).Text().ShouldContain("only A takes it");
    }

    private static Scenario Scenario(ulong seed) => Runs.Small(Crowd, seed: seed);
}
