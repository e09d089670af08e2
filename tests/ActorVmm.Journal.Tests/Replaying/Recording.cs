using System.Text;
using ActorVmm.Journal.Replaying;
using ActorVmm.Machine;
using ActorVmm.Protocol;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Journal.Tests.Replaying;

/// <summary>Records runs of the memory manager, and replays them.</summary>
internal static class Recording
{
    public static Scenario Scenario(string name, ulong? seed = null)
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ActorVmm.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        }

        return ScenarioFile.Load(Path.Combine(folder, "config", "scenarios", name + ".yaml"), seed is null ? null : new ScenarioOverrides { Seed = seed });
    }

    /// <summary>A few processes that want more than there is.</summary>
    public static Scenario Small(ulong seed, int workingSet = 20)
    {
        string yaml = $$"""
            version: 1
            name: small
            machine: { ram: 1MiB, cpus: 3, pagingFiles: [ { size: 4MiB, latency: normal(1ms, 300us) } ] }
            processes:
              worker:
                count: 6
                threads: 2
                workingSet: { min: {{workingSet}} pages, max: 60 pages }
                phases:
                  - reserve: { name: heap, size: 1MiB }
                  - commit: { region: heap, size: 512KiB, protect: readwrite }
                  - touch: { region: heap, pattern: zipf(0.8), writes: 40%, count: 600 }
                  - idle: exp(5ms)
                  - touch: { region: heap, pattern: random, writes: 20%, count: 300 }
            """;
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(yaml));
        return ScenarioFile.Load(text, "small.yaml", new ScenarioOverrides { Seed = seed });
    }

    /// <summary>Runs and records.</summary>
    /// <param name="scenario">Disposed of.</param>
    /// <param name="path">The journal.</param>
    /// <param name="how">On which host, and how much of it.</param>
    public static Told Of(Scenario scenario, string path, How? how = null)
    {
        using Scenario owned = scenario;
        how ??= new How();
        using IJournalStore store = JournalStores.OpenOrCreate(path);
        RunStarted started = Beginning(scenario, how);
        using JournalWriter writer = Begin(store, started);
        IRunRecorder recorder = RunRecorders.For(writer, started);
        SimulatedMachine machine = Build(scenario, how, options => HostOf(options, how, recorder));
        int checkpoints = 0;
        string end = "finished";
        try
        {
            while (machine.Host.Statistics.Turns < how.StopAt
                && machine.Host.Run(maxTurns: Math.Min(how.Slice, how.StopAt - machine.Host.Statistics.Turns)) == RunOutcome.TurnsReached)
            {
                recorder.Checkpoint(machine.Fingerprint());
                checkpoints++;
            }
        }
        catch (MachineStoppedException)
        {
            recorder.HasStopped.ShouldBeTrue();
            end = "bugCheck";
        }

        recorder.End(machine.Fingerprint(), end);
        writer.DurableThrough.ShouldBe(machine.Host.Statistics.Turns);
        return new Told(machine.Host.Statistics.Turns, machine.Fingerprint(), checkpoints);
    }

    /// <summary>Replays, and records the replay's deliveries if told where.</summary>
    public static ReplayResult Replay(string path, Scenario scenario, string? again = null, long to = long.MaxValue, int threads = 1, How? how = null, Ticks? until = null)
    {
        using Scenario owned = scenario;
        how ??= new How();
        using IJournalStore store = JournalStores.Open(path);
        new JournalVerifier(store).VerifyAll().ShouldAllBe(verdict => verdict.Condition != StreamCondition.Damaged);
        using IJournalStore? target = again is null ? null : JournalStores.OpenOrCreate(again);
        RunStarted started = Beginning(scenario, new How());
        using JournalWriter? writer = target is null ? null : Begin(target, started);
        JournalRecorder? recorder = writer is null ? null : new JournalRecorder(writer, started.Registry, messages: false);
        SimulatedMachine? machine = null;
        using Replayer replayer = Replayer.Of(
            new JournalReader(store).Open("latest"),
            (_, hostOf) =>
            {
                machine = Build(scenario, how, options => hostOf(recorder is null ? options : options with { TurnListeners = [recorder] }));
                return machine.Fingerprint;
            },
            threads);
        recorder?.Attach(replayer.Host);
        ReplayResult result = replayer.Run(to, until);
        recorder?.End(machine!.Fingerprint(), "replayed");
        return result;
    }

    /// <summary>The machine, with a saboteur in it if there is to be one.</summary>
    public static SimulatedMachine Build(Scenario scenario, How how, Func<HostOptions, IHost> hostOf)
    {
        SimulatedMachine machine = MachineBuilder.Build(scenario, how.Listeners, hostOf);
        if (how.Sabotage is { } delay)
        {
            ActorId saboteur = machine.Host.Create(new Saboteur(delay, machine.Cast.PfnDatabase), Role.Thread);
            machine.Host.Inject(saboteur, new StartScenario());
        }

        return machine;
    }

    private static IHost HostOf(HostOptions options, How how, IRunRecorder recorder)
    {
        HostOptions heard = recorder is ITurnListener listener ? options with { TurnListeners = [listener] } : options;
        IHost host = how.Workers == 0
            ? new DeterministicHost(heard)
            : new ParallelHost(new ParallelHostOptions(heard) { Workers = how.Workers, TimeScale = 0, Clock = TimeProvider.System, Recording = !how.Messages });
        recorder.Attach(host);
        return host;
    }

    private static RunStarted Beginning(Scenario scenario, How how) => new()
    {
        Host = how.Workers == 0 ? "deterministic" : "parallel", DeliveryModel = "fifo", Seed = scenario.Seed, Messages = how.Messages, Registry = ProtocolMessages.Create(),
    };

    private static JournalWriter Begin(IJournalStore store, RunStarted started)
    {
        var writer = new JournalWriter(store, JournalReader.Prefix + RunId.New(TimeProvider.System), Durability.Relaxed, TimeProvider.System);
        writer.Append(started);
        return writer;
    }

    internal sealed record Told(long Deliveries, Fingerprint Fingerprint, int Checkpoints);

    /// <summary>How a run is made and recorded.</summary>
    internal sealed record How
    {
        /// <summary>Cores of the parallel host; 0 for the deterministic one.</summary>
        public int Workers { get; init; }

        /// <summary>Whether messages are written out.</summary>
        public bool Messages { get; init; }

        /// <summary>Turns between checkpoints.</summary>
        public int Slice { get; init; } = 100_000;

        /// <summary>Interrupted after so many turns.</summary>
        public long StopAt { get; init; } = long.MaxValue;

        /// <summary>Who hears the facts.</summary>
        public IReadOnlyList<IFactListener> Listeners { get; init; } = [];

        /// <summary>A turn throws, that long after the beginning.</summary>
        public Ticks? Sabotage { get; init; }
    }
}
