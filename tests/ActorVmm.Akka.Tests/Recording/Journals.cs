using ActorVmm.Akka.Recording;
using ActorVmm.Machine;
using ActorVmm.Workloads.Scenarios;
using Akka.Actor;

namespace ActorVmm.Akka.Tests.Recording;

/// <summary>Actor systems that record somewhere, and runs that they record.</summary>
internal static class Journals
{
    /// <summary>An actor system whose journal is there.</summary>
    public static ActorSystem System(string place, Overrides? overrides = null) => (overrides ?? Overrides.None).Start("recording", RecordingConfiguration.Of(place, Durability.Relaxed));

    public static RunStarted Beginning(Scenario scenario, bool messages = false) => new()
    {
        Host = "akka", DeliveryModel = "fifo", KernelVersion = "test", Seed = scenario.Seed, InputPath = scenario.Path, InputSha256 = scenario.Sha256, Messages = messages, Registry = ProtocolMessages.Create(),
    };

    /// <summary>Runs on Akka.NET and records there.</summary>
    /// <param name="scenario">Disposed of.</param>
    /// <param name="place">The journal.</param>
    /// <param name="messages">Whether messages are written out.</param>
    /// <param name="slice">Turns between checkpoints.</param>
    /// <param name="clock">The recorder's.</param>
    /// <param name="overrides">The actor system's.</param>
    public static Told Record(Scenario scenario, string place, bool messages = false, int slice = 5_000, TimeProvider? clock = null, Overrides? overrides = null)
    {
        using Scenario owned = scenario;
        using ActorSystem system = System(place, overrides);
        using IJournalStore store = JournalStores.OpenOrCreate(place);
        RunStarted started = Beginning(scenario, messages);
        using AkkaRunWriter writer = new(system, store, JournalReader.Prefix + RunId.New(TimeProvider.System), Durability.Relaxed, clock ?? TimeProvider.System);
        writer.Append(started);
        IRunRecorder recorder = RunRecorders.For(writer, started);
        SimulatedMachine machine = MachineBuilder.Build(scenario, [], options =>
        {
            IHost host = new AkkaHost(system, new AkkaHostOptions(options) { Clock = TimeProvider.System, TurnListeners = [(ITurnListener)recorder] });
            recorder.Attach(host);
            return host;
        });
        int checkpoints = 0;
        while (machine.Host.Run(maxTurns: slice) == RunOutcome.TurnsReached)
        {
            recorder.Checkpoint(machine.Fingerprint());
            checkpoints++;
        }

        recorder.End(machine.Fingerprint(), "finished");
        writer.DurableThrough.ShouldBe(machine.Host.Statistics.Turns);
        return new Told(writer.Stream, machine.Host.Statistics, machine.Fingerprint(), checkpoints);
    }

    internal sealed record Told(string Stream, HostStatistics Statistics, Fingerprint Fingerprint, int Checkpoints);
}
