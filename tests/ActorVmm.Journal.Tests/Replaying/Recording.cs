using System.Text;
using ActorVmm.Journal.Replaying;
using ActorVmm.Machine;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Journal.Tests.Replaying;

/// <summary>Records runs of the memory manager, and replays them.</summary>
internal static class Recording
{
    public static Scenario Scenario(string name)
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "ActorVmm.sln")))
        {
            folder = Path.GetDirectoryName(folder.TrimEnd(Path.DirectorySeparatorChar))!;
        }

        return ScenarioFile.Load(Path.Combine(folder, "config", "scenarios", name + ".yaml"));
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
    /// <param name="messages">Whether messages are written out.</param>
    /// <param name="slice">Turns between checkpoints.</param>
    /// <param name="stopAt">Interrupted after so many turns.</param>
    public static Told Of(Scenario scenario, string path, bool messages = false, int slice = 100_000, long stopAt = long.MaxValue)
    {
        using Scenario owned = scenario;
        using IJournalStore store = JournalStores.OpenOrCreate(path);
        using JournalWriter writer = Begin(store, scenario, messages, out JournalRecorder recorder);
        DeterministicHost? host = null;
        SimulatedMachine machine = MachineBuilder.Build(scenario, [], options => host = new DeterministicHost(options with { TurnListeners = [recorder] }));
        recorder.Attach(host!);
        int checkpoints = 0;
        while (host!.Statistics.Turns < stopAt && host.Run(maxTurns: Math.Min(slice, stopAt - host.Statistics.Turns)) == RunOutcome.TurnsReached)
        {
            recorder.Checkpoint(host, machine.Fingerprint());
            checkpoints++;
        }

        recorder.End(host, machine.Fingerprint(), "finished");
        writer.DurableThrough.ShouldBe(host.Statistics.Turns);
        return new Told(host.Statistics.Turns, machine.Fingerprint(), checkpoints);
    }

    /// <summary>Replays, and records the replay if told where.</summary>
    public static ReplayResult Replay(string path, Scenario scenario, string? again = null, long to = long.MaxValue)
    {
        using Scenario owned = scenario;
        using IJournalStore store = JournalStores.Open(path);
        new JournalVerifier(store).VerifyAll().ShouldAllBe(verdict => verdict.Condition == StreamCondition.Whole);
        using IJournalStore? target = again is null ? null : JournalStores.OpenOrCreate(again);
        JournalRecorder? recorder = null;
        using JournalWriter? writer = target is null ? null : Begin(target, scenario, messages: false, out recorder);
        SimulatedMachine? machine = null;
        using var replayer = new Replayer(new JournalReader(store).Open("latest"), (_, hostOf) =>
        {
            machine = MachineBuilder.Build(scenario, [], options => hostOf(recorder is null ? options : options with { TurnListeners = [recorder] }));
            return machine.Fingerprint;
        });
        recorder?.Attach(replayer.Host);
        ReplayResult result = replayer.Run(to);
        recorder?.End(replayer.Host, machine!.Fingerprint(), "replayed");
        return result;
    }

    private static JournalWriter Begin(IJournalStore store, Scenario scenario, bool messages, out JournalRecorder recorder)
    {
        MessageRegistry registry = ProtocolMessages.Create();
        var writer = new JournalWriter(store, JournalReader.Prefix + RunId.New(TimeProvider.System), Durability.Relaxed, TimeProvider.System);
        writer.Append(new RunStarted { Host = "deterministic", DeliveryModel = "fifo", Seed = scenario.Seed, Messages = messages, Registry = registry });
        recorder = new JournalRecorder(writer, registry, messages);
        return writer;
    }

    internal sealed record Told(long Deliveries, Fingerprint Fingerprint, int Checkpoints);
}
