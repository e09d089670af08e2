using System.Collections.Concurrent;
using ActorVmm.Actors;
using ActorVmm.Journal.Replaying;
using ActorVmm.Journal.Stores;
using ActorVmm.Journal.Tests;
using ActorVmm.Machine;
using ActorVmm.Machine.Tests;
using ActorVmm.Machine.Words;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Akka.Tests;

/// <summary>
/// Whatever actor fails at whatever message: the machine stops as a bug check does, nothing of the failed turn has left, and the machine
/// is recovered to its durable tail and goes on from there to its end with all promises kept.
/// </summary>
public sealed class FailureTests
{
    private static readonly string[] _scenarios =
        ["collided-fault", "demand-zero", "guard-and-violation", "page-table-fault", "standby-rescue", "pagefile-full", "process-churn", "trim-cascade", "zero-page-starvation", "thrash"];

    /// <summary>Who hears what, and where soonest.</summary>
    private static readonly Lazy<IReadOnlyDictionary<(string Actor, string Message), (Type Actor, int Kind, string Scenario)>> _heard = new(Listen);

    public static TheoryData<string, string> Pairs
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach ((string actor, string message) in _heard.Value.Keys.Order())
            {
                pairs.Add(actor, message);
            }

            return pairs;
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void TheMachineStopsAndIsRecovered(string actor, string message)
    {
        (Type type, int kind, string name) = _heard.Value[(actor, message)];
        Exception cause = kind % 2 == 0 ? new BugCheckException(0x1A, "injected") : new InvalidOperationException("injected");
        using var folder = new TemporaryFolder();
        using IJournalStore store = JournalStores.OpenOrCreate(folder["run.db"]);
        using Scenario scenario = Runs.Named(name, 1);

        Recorded.Ran failed = Recorded.Begin(store, scenario, around: host => new FailingHost(host, new Fault(type, kind, cause)));

        MachineStoppedException stop = failed.Stop.ShouldNotBeNull();
        stop.InnerException.ShouldBe(cause);
        stop.Turn.ShouldBe(failed.Turns);
        stop.Delivery!.Value.Kind.ShouldBe(kind);
        stop.Code.ShouldBe(kind % 2 == 0 ? 0x1Au : 0);
        using Scenario next = Runs.Named(name, 1);
        Recorded.Ran recovered = Recorded.GoOn(store, next);
        recovered.Finished.ShouldBeTrue();
        using Scenario again = Runs.Named(name, 1);
        ReplayResult result = Recorded.Replay(store, again);
        (result.Divergence, result.Deliveries, result.Fingerprint, result.Recorded).ShouldBe((null, recovered.Turns, recovered.Fingerprint, recovered.Fingerprint));
    }

    [Fact]
    public void EveryActorOfTheMemoryManagerIsTried() =>
        _heard.Value.Keys.Select(pair => pair.Actor).Distinct().Order().ShouldBe(
            ["ModifiedPageWriter", "Operator", "PagingFile", "PfnDatabase", "Process", "SystemSpace", "WorkingSetManager", "ZeroPageThread"]);

    private static IReadOnlyDictionary<(string, string), (Type, int, string)> Listen()
    {
        var heard = new ConcurrentDictionary<(string, string), (Type, int, string)>();
        var turns = new Dictionary<(string, string), long>();
        foreach (string name in _scenarios)
        {
            using Scenario scenario = Runs.Named(name, 1);
            var listener = new Listener();
            SimulatedMachine machine = MachineBuilder.Build(scenario, [], options => listener.Host = new DeterministicHost(options with { TurnListeners = [listener] }));
            machine.Host.Run();
            foreach (((Type actor, int kind), long _) in listener.First)
            {
                (string, string) key = (actor.Name, MessageWords.All.Of(kind).Name);
                if (!turns.TryGetValue(key, out long before) || machine.Host.Statistics.Turns < before)
                {
                    (turns[key], heard[key]) = (machine.Host.Statistics.Turns, (actor, kind, name));
                }
            }
        }

        return heard;
    }

    private sealed class Listener : ITurnListener
    {
        private readonly Dictionary<ActorId, Type> _types = [];

        public DeterministicHost Host { get; set; } = null!;

        public Dictionary<(Type Actor, int Kind), long> First { get; } = [];

        public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
        {
            if (!_types.TryGetValue(turn.Actor, out Type? type))
            {
                _types[turn.Actor] = type = Host.ActorOf(turn.Actor)!.GetType();
            }

            First.TryAdd((type, delivery.Kind), turn.Number);
        }
    }
}
