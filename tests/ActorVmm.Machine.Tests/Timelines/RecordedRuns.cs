using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine.Timelines;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests.Timelines;

/// <summary>A folder with a journal in it, and runs that are recorded there.</summary>
internal sealed class RecordedRuns : IDisposable
{
    private const string Churning = """
          crowd:
            count: COUNT
            threads: 2
            workingSet: { min: 20 pages, max: 60 pages }
            phases:
              - reserve: { name: heap, size: 512KiB }
              - commit:  { region: heap }
              - touch:   { region: heap, pattern: uniform, writes: 60%, count: TOUCHES }
              - idle:    const(2ms)
              - touch:   { region: heap, pattern: sequential, writes: 30% }
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("actorvmm-timeline-").FullName;

    public string Journal => Path.Combine(_folder, "journal.db");

    /// <summary>Processes that end at different times, some long before the run does.</summary>
    public static Scenario Crowd(int count = 12, int touches = 400) =>
        Runs.Small(Churning.Replace("COUNT", $"{count}", StringComparison.Ordinal).Replace("TOUCHES", $"{touches}", StringComparison.Ordinal));

    /// <summary>Runs and records; the stream ends without an end when the run is cut off.</summary>
    /// <param name="scenario">Disposed of.</param>
    /// <param name="batch">Deliveries of a batch.</param>
    /// <param name="host">What the run says it was recorded on.</param>
    /// <param name="cutOffAfter">Nothing more is recorded after so many turns.</param>
    /// <param name="snapshotAfter">The run saves its state once, after so many turns; 0 for never.</param>
    /// <returns>Turns recorded.</returns>
    public long Record(Scenario scenario, int batch = 1_000, string host = "deterministic", long cutOffAfter = long.MaxValue, long snapshotAfter = 0)
    {
        using Scenario owned = scenario;
        MessageRegistry registry = ProtocolMessages.Create();
        using IJournalStore store = JournalStores.OpenOrCreate(Journal);
        using var writer = new JournalWriter(store, JournalReader.Prefix + RunId.New(TimeProvider.System), Durability.Relaxed, TimeProvider.System);
        writer.Append(new RunStarted { Host = host, DeliveryModel = "fifo", KernelVersion = "this one", Seed = scenario.Seed, Registry = registry });
        var recorder = new JournalRecorder(writer, registry, messages: false);
        DeterministicHost? made = null;
        SimulatedMachine machine = MachineBuilder.Build(scenario, [], options => made = new DeterministicHost(options with { TurnListeners = [recorder] }));
        recorder.Attach(made!);
        while (made!.Statistics.Turns < cutOffAfter && made.Run(maxTurns: Math.Min(batch, cutOffAfter - made.Statistics.Turns)) == RunOutcome.TurnsReached)
        {
            recorder.HandOver();
            if (snapshotAfter > 0 && made.Statistics.Turns >= snapshotAfter)
            {
                writer.Append(RunSnapshots.For(made, boundaries: false, TimeProvider.System)!.Take(machine));
                snapshotAfter = 0;
            }
        }

        if (cutOffAfter == long.MaxValue)
        {
            recorder.End(machine.Fingerprint(), "finished");
        }

        writer.Flush();
        return made.Statistics.Turns;
    }

    /// <summary>Runs on several cores and records.</summary>
    /// <param name="scenario">Disposed of.</param>
    /// <param name="workers">How many cores.</param>
    /// <param name="snapshotAfter">The run saves its state once, after so many turns; 0 for never.</param>
    /// <returns>Turns recorded, and the run's fingerprint.</returns>
    public (long Turns, Fingerprint Fingerprint) RecordParallel(Scenario scenario, int workers, long snapshotAfter = 0)
    {
        using Scenario owned = scenario;
        using IJournalStore store = JournalStores.OpenOrCreate(Journal);
        using var writer = new JournalWriter(store, JournalReader.Prefix + RunId.New(TimeProvider.System), Durability.Relaxed, TimeProvider.System);
        var started = new RunStarted { Host = "parallel", DeliveryModel = "fifo", KernelVersion = "this one", Seed = scenario.Seed, Registry = ProtocolMessages.Create() };
        writer.Append(started);
        IRunRecorder recorder = RunRecorders.For(writer, started);
        SimulatedMachine machine = MachineBuilder.Build(scenario, [], options => new ParallelHost(new ParallelHostOptions(options) { Workers = workers, Clock = TimeProvider.System }));
        recorder.Attach(machine.Host);
        while (machine.Host.Run(maxTurns: 5_000) == RunOutcome.TurnsReached)
        {
            recorder.HandOver();
            if (snapshotAfter > 0 && machine.Host.Statistics.Turns >= snapshotAfter)
            {
                writer.Append(RunSnapshots.For(machine.Host, boundaries: true, TimeProvider.System)!.Take(machine));
                snapshotAfter = 0;
            }
        }

        recorder.End(machine.Fingerprint(), "finished");
        return (machine.Host.Statistics.Turns, machine.Fingerprint());
    }

    /// <summary>Opens the run that was recorded last.</summary>
    public Opened Open(Scenario scenario)
    {
        IJournalStore store = JournalStores.Open(Journal);
        var run = new JournalReader(store).Open(JournalReader.Latest);
        return new Opened(store, new RecordedTimeline(run, scenario, TimeProvider.System));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A timeline with its store.</summary>
    internal sealed record Opened(IJournalStore Store, RecordedTimeline Timeline) : IDisposable
    {
        public void Dispose()
        {
            Timeline.Dispose();
            Store.Dispose();
        }
    }
}
