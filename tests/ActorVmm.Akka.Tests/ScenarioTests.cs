using ActorVmm.Journal.Replaying;
using ActorVmm.Journal.Stores;
using ActorVmm.Journal.Tests;
using ActorVmm.Machine.Tests;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Akka.Tests;

/// <summary>The memory manager on Akka.NET: it keeps its promises there, and its journal is done again bit for bit where there is no Akka.NET.</summary>
public sealed class ScenarioTests
{
    private static readonly bool _long = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1";

    /// <summary>All that come with ActorVmm but the one whose driver may stop its machine; the largest with ACTORVMM_LONG=1.</summary>
    public static TheoryData<string> Scenarios =>
        [.. Directory.EnumerateFiles(RepositoryFiles.PathOf("config", "scenarios"), "*.yaml").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal).Where(name => name is not "driver-arbitrary-context").Where(name => _long || name is not ("mixed-10000" or "gcc-64"))];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void AScenarioKeepsItsPromisesAndIsTheSameRunAgain(string name)
    {
        for (ulong seed = 1; seed <= (_long ? 20UL : 2UL); seed++)
        {
            using var folder = new TemporaryFolder();
            using IJournalStore store = JournalStores.OpenOrCreate(folder["run.db"]);
            using Scenario scenario = Runs.Named(name, seed);
            Recorded.Ran ran = Recorded.Begin(store, scenario);
            ran.Finished.ShouldBeTrue();

            using Scenario again = Runs.Named(name, seed);
            ReplayResult result = Recorded.Replay(store, again);

            (result.Divergence, result.Deliveries, result.Fingerprint, result.Recorded).ShouldBe((null, ran.Turns, ran.Fingerprint, ran.Fingerprint));
        }
    }
}
