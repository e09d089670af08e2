using ActorVmm.Explorer.Catalogue;
using ActorVmm.Explorer.Scenarios;
using ActorVmm.Machine.Tests;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Explorer.Tests.Catalogue;

/// <summary>Take a rule of the fact book's §17 out of the real kernel, and the portfolio finds it; leave it in, and the same schedules find nothing.</summary>
public sealed class KernelVariantTests
{
    public static TheoryData<string> Names => [.. KernelVariants.All.Select(variant => variant.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void WithoutTheRuleAPromiseBreaks(string name)
    {
        KernelVariant variant = Find(name);

        ExplorationResult result = Explore(variant, variant.Rule);

        Finding finding = result.Findings.ShouldHaveSingleItem();
        finding.Violation.Specification.ShouldBe(variant.Breaks);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void WithTheRuleNothingDoes(string name)
    {
        KernelVariant variant = Find(name);

        ExplorationResult result = Explore(variant, KernelRule.None);

        (result.Schedules, result.Findings.Count).ShouldBe((variant.FoundWithin, 0));
    }

    [Fact]
    public void EveryRuleHasItsScenario()
    {
        KernelVariants.All.Select(variant => variant.Rule).ShouldBe(Enum.GetValues<KernelRule>().Where(rule => rule != KernelRule.None), ignoreOrder: true);
        KernelVariants.All.Length.ShouldBeGreaterThanOrEqualTo(12);
        KernelVariants.All.ShouldAllBe(variant => File.Exists(PathOf(variant)));
    }

    /// <summary>Races of the catalogue that the kernel has a rule against.</summary>
    [Fact]
    public void RacesAreFoundOnTheRealKernelToo() =>
        RaceCatalogue.All.Where(entry => entry.Kernel is not null).Select(entry => (entry.Name, entry.Kernel!.Name)).ShouldBe(
        [
            ("collided-fault", "collided-fault"), ("remapped-in-page", "deleted-during-read"), ("protected-in-page", "in-page-recheck"), ("lost-writeback", "redirtied-page"),
            ("double-unshare", "copy-recheck"), ("unzeroed-page", "zero-batch"), ("exit-in-flight", "exit-in-flight"), ("pin-after-wait", "repeated-access"),
        ]);

    private static ExplorationResult Explore(KernelVariant variant, KernelRule without)
    {
        using Scenario scenario = ScenarioFile.Load(PathOf(variant), new ScenarioOverrides());
        return new Exploration(new ScenarioSubject(scenario, "x", without), new ExplorationOptions
        {
            Strategy = StrategyKind.Portfolio,
            Seed = 1,
            Schedules = variant.FoundWithin,
            StopOnFirst = without != KernelRule.None,
            Setting = new ExecutionSetting { TimerFirings = variant.Timers },
        }).Run();
    }

    private static KernelVariant Find(string name) => KernelVariants.All.Single(variant => variant.Name == name);

    private static string PathOf(KernelVariant variant) => RepositoryFiles.PathOf("config", "scenarios", variant.Scenario + ".yaml");
}
