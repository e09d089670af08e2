using ActorVmm.Actors;
using ActorVmm.Cli.Verbs;
using ActorVmm.Explorer;
using ActorVmm.Journal.Campaigns;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Campaigns;

/// <summary>
/// Records a campaign's findings as runs like any other: the seed is run once more, and the run is pinned, so that neither it nor
/// others make room for each other.
/// </summary>
/// <param name="place">The journal.</param>
/// <param name="runners">Of the campaign.</param>
/// <param name="clock">Says when.</param>
internal sealed class FindingRuns(string place, SeedRunners runners, TimeProvider clock)
{
    /// <summary>Records one.</summary>
    /// <param name="group">The finding.</param>
    /// <param name="stop">Ends it early; nothing is left behind then.</param>
    /// <returns>The run's id; null when it was stopped, or when a race was explored: it has no machine to record.</returns>
    /// <exception cref="Journal.JournalException">The journal cannot be written.</exception>
    public string? Record(FindingGroup group, CancellationToken stop)
    {
        if (!runners.Explores)
        {
            return RecordRun(group.Seed, stop);
        }

        if (runners.ExplorationOf(group.Seed) is not ({ } loaded, { } setting, var without))
        {
            return null;
        }

        using Scenario scenario = loaded;
        string run = RecordedFinding.Record(place, scenario, setting, Schedule.Parse(group.Finding.Schedule), without, clock);
        Pin(run);
        return run;
    }

    private string? RecordRun(ulong seed, CancellationToken stop)
    {
        string run = RunId.New(clock);
        (RunPlan plan, IReadOnlyList<KeyValuePair<string, string>> settings) = runners.RunOf(seed);
        using Scenario scenario = plan.Scenario;
        Machine.Summary.RunSummary summary;
        using (var journal = new RunJournal(place, run, RunJournal.Beginning(plan.Host, scenario, default, settings, messages: false), Durability.Full, clock))
        {
            var recorder = new RunRecorder(plan, run, clock, journal.HostOf(static options => new DeterministicHost(options)));
            recorder.Run(stop, journal.Between);
            summary = recorder.Summarize();
            journal.End(summary);
        }

        if (summary.End == Machine.Summary.RunEnd.Interrupted)
        {
            using IJournalStore store = JournalStores.Open(place);
            store.Delete(JournalReader.Prefix + run);
            return null;
        }

        Pin(run);
        return run;
    }

    private void Pin(string run)
    {
        using IJournalStore store = JournalStores.Open(place);
        store.Pin(JournalReader.Prefix + run, pinned: true);
    }
}
