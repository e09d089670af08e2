using ActorVmm.Actors;
using ActorVmm.Journal;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Replaying;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine;
using ActorVmm.Runtime;
using ActorVmm.Specifications;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Akka.Tests;

/// <summary>Runs on Akka.NET that are recorded, cut off, gone on with, and replayed where there is no Akka.NET.</summary>
internal static class Recorded
{
    /// <summary>Turns before the first checkpoint; later ones lie ever further apart, for in a large machine each is long in the making.</summary>
    private const int Slice = 2_000;

    /// <summary>A few processes that want more than there is.</summary>
    public static Scenario Small(ulong seed)
    {
        const string Yaml = """
            version: 1
            name: small
            machine: { ram: 1MiB, cpus: 3, pagingFiles: [ { size: 4MiB, latency: normal(1ms, 300us) } ] }
            processes:
              worker:
                count: 6
                threads: 2
                workingSet: { min: 20 pages, max: 60 pages }
                phases:
                  - reserve: { name: heap, size: 1MiB }
                  - commit: { region: heap, size: 512KiB, protect: readwrite }
                  - touch: { region: heap, pattern: zipf(0.8), writes: 40%, count: 600 }
                  - idle: exp(5ms)
                  - touch: { region: heap, pattern: random, writes: 20%, count: 300 }
            """;
        using var text = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Yaml));
        return ScenarioFile.Load(text, "small.yaml", new ScenarioOverrides { Seed = seed });
    }

    /// <summary>Begins a run in an empty journal.</summary>
    /// <param name="store">The journal.</param>
    /// <param name="scenario">What is run.</param>
    /// <param name="cut">Cut off behind so many turns.</param>
    /// <param name="around">What stands between the machine and its host.</param>
    public static Ran Begin(IJournalStore store, Scenario scenario, long cut = long.MaxValue, Func<IHost, IHost>? around = null)
    {
        var started = new RunStarted { Host = "akka", DeliveryModel = "fifo", Seed = scenario.Seed, Registry = ProtocolMessages.Create() };
        using var writer = new JournalWriter(store, JournalReader.Prefix + RunId.New(TimeProvider.System), Durability.Relaxed, TimeProvider.System);
        writer.Append(started);
        writer.Flush();
        IRunRecorder recorder = RunRecorders.For(writer, started);
        return Run(scenario, cut, recorder, writer, options =>
        {
            IHost host = Host(options with { TurnListeners = [(ITurnListener)recorder] });
            recorder.Attach(host);
            return around?.Invoke(host) ?? host;
        });
    }

    /// <summary>Goes on with the journal's only run.</summary>
    public static Ran GoOn(IJournalStore store, Scenario scenario, long cut = long.MaxValue)
    {
        using Resumption resumption = Resumption.Begin(store, new JournalReader(store).Runs()[^1].Stream, Durability.Relaxed, "test", TimeProvider.System);
        return Run(scenario, cut, resumption, resumption.Writer, options => resumption.HostOf(options, Host), resumption);
    }

    /// <summary>The journal's only run, checked row by row and done again on the host that follows a record.</summary>
    public static ReplayResult Replay(IJournalStore store, Scenario scenario)
    {
        StreamVerdict verdict = new JournalVerifier(store).VerifyAll().ShouldHaveSingleItem();
        verdict.Words.ShouldBe("");
        using Replayer replayer = Replayer.Of(new JournalReader(store).Open("latest"), (_, hostOf) => MachineBuilder.Build(scenario, [], hostOf).Fingerprint);
        replayer.Host.ShouldBeOfType<RecordedHost>();
        return replayer.Run();
    }

    /// <summary>Ends the run and says so, or leaves it as if the program had been killed.</summary>
    private static Ran Run(Scenario scenario, long cut, IRunRecorder recorder, IRunWriter writer, Func<HostOptions, IHost> hostOf, Resumption? resumption = null)
    {
        var promises = new SpecificationSuite(scenario.Machine);
        SimulatedMachine machine = MachineBuilder.Build(scenario, [promises], hostOf);
        using var host = machine.Host as IDisposable;
        MachineStoppedException? stop = null;
        RunOutcome outcome = RunOutcome.TurnsReached;
        try
        {
            while (outcome == RunOutcome.TurnsReached && machine.Host.Statistics.Turns < cut)
            {
                long turns = machine.Host.Statistics.Turns;
                long next = Math.Min(cut, resumption is { IsLive: false } ? resumption.PauseAt : turns + Math.Max(Slice, turns / 8));
                outcome = machine.Host.Run(maxTurns: next - turns);
                if (resumption is { IsLive: false })
                {
                    resumption.Paused(machine.Host.Statistics.Turns, machine.Fingerprint);
                }
                else
                {
                    recorder.Checkpoint(machine.Fingerprint());
                }
            }
        }
        catch (MachineStoppedException thrown)
        {
            stop = thrown;
        }

        if (outcome == RunOutcome.Quiescent)
        {
            promises.Quiesced();
            machine.ScenarioEnded.ShouldBeTrue();
            recorder.End(machine.Fingerprint(), "finished");
        }
        else
        {
            recorder.HandOver();
            writer.Flush();
        }

        promises.Violations.ShouldBeEmpty();
        return new Ran(machine.Host.Statistics.Turns, machine.Fingerprint(), outcome == RunOutcome.Quiescent, stop);
    }

    private static IHost Host(HostOptions options) => Systems.Host(new AkkaHostOptions(options) { Clock = TimeProvider.System });

    /// <summary>What a run came to; no promise was broken.</summary>
    internal sealed record Ran(long Turns, Fingerprint Fingerprint, bool Finished, MachineStoppedException? Stop);
}
