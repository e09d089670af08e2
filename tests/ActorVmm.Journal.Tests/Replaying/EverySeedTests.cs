using ActorVmm.Journal.Replaying;
using ActorVmm.Machine;
using ActorVmm.Protocol;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Specifications;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Journal.Tests.Replaying;

/// <summary>
/// A machine on which every kind of page fault occurs, seed after seed: recorded, replayed from its journal, and the replay replayed.
/// All that is judged of the run is judged again of the replay, and of another order of what was concurrent.
/// </summary>
public sealed class EverySeedTests : IDisposable
{
    private static readonly ulong _seeds = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" ? 1_000UL : 50;

    /// <summary>Kinds that the memory manager does not have yet.</summary>
    private static readonly FaultKind[] _notYet = [FaultKind.CopyOnWrite, FaultKind.Prototype];

    private readonly TemporaryFolder _folder = new();
    private readonly long[] _faults = new long[Enum.GetValues<FaultKind>().Length];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OnTheDeterministicHost()
    {
        for (ulong seed = 1; seed <= _seeds; seed++)
        {
            using Scenario scenario = Recording.Scenario("every-fault", seed);
            string path = Journal(seed);
            Fingerprint run = Record(scenario, path, workers: 0);
            Judged again = Judge(scenario.Machine, suite =>
                Recording.Replay(path, scenario, again: path + ".again", how: new() { Listeners = [suite] }));
            again.ShouldHold(run, seed);
            Judge(scenario.Machine, suite => Recording.Replay(path + ".again", scenario, how: new() { Listeners = [suite] })).ShouldHold(run, seed);
            Remove(path);
        }

        EveryKindHasOccurred();
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void OnSeveralCores(int workers)
    {
        for (ulong seed = 1; seed <= _seeds; seed++)
        {
            using Scenario scenario = Recording.Scenario("every-fault", seed);
            string path = Journal(seed);
            Fingerprint run = Record(scenario, path, workers);
            Judge(scenario.Machine, suite => Recording.Replay(path, scenario, how: new() { Listeners = [suite] })).ShouldHold(run, seed);
            ReplayResult threads = Recording.Replay(path, scenario, threads: 2);
            (threads.Fingerprint, threads.Divergence).ShouldBe((run, null));
            ShouldBeJudgedAlikeInAnotherOrder(scenario, path, run, seed);
            Remove(path);
        }

        EveryKindHasOccurred();
    }

    /// <summary>Also by one who expects the wrong machine, and so finds much to complain about.</summary>
    private static void ShouldBeJudgedAlikeInAnotherOrder(Scenario scenario, string path, Fingerprint run, ulong seed)
    {
        MachinePlan larger = scenario.Machine with { Frames = scenario.Machine.Frames + 1 };
        foreach ((MachinePlan expected, bool holds) in (IEnumerable<(MachinePlan, bool)>)[(scenario.Machine, true), (larger, false)])
        {
            Judged one = Judge(expected, suite => InOrder(path, scenario, suite, another: false));
            Judged other = Judge(expected, suite => InOrder(path, scenario, suite, another: true));
            (one.Fingerprint, other.Fingerprint).ShouldBe((run, run), $"seed {seed}");
            one.Broken.ShouldBe(other.Broken, $"seed {seed}");
            (one.Broken.Count == 0).ShouldBe(holds, $"seed {seed}");
        }
    }

    private static ReplayResult InOrder(string path, Scenario scenario, SpecificationSuite suite, bool another)
    {
        using IJournalStore store = JournalStores.Open(path);
        var record = ParallelRecord.Join(new JournalReader(store).Open(JournalReader.Latest).Events().OfType<BoundaryBatch>().Select(batch => batch.Record));
        SimulatedMachine machine = MachineBuilder.Build(scenario, [suite], options => new ReplayHost(record, new ReplayOptions(options) { AnotherOrder = another }));
        machine.Host.Run().ShouldBe(RunOutcome.Quiescent);
        return new ReplayResult(machine.Host.Statistics.Turns, machine.Fingerprint(), null, 0, null, CutOff: false, "");
    }

    private static Judged Judge(MachinePlan machine, Func<SpecificationSuite, ReplayResult> replay)
    {
        var suite = new SpecificationSuite(machine);
        ReplayResult result = replay(suite);
        suite.Quiesced();
        return new Judged(result.Fingerprint, result.Divergence, [.. suite.Violations.Select(violation => violation.Specification).Distinct().Order(StringComparer.Ordinal)]);
    }

    private Fingerprint Record(Scenario scenario, string path, int workers)
    {
        var suite = new SpecificationSuite(scenario.Machine);
        Recording.Told told = Recording.Of(scenario, path, new() { Workers = workers, Slice = 3_000, Listeners = [suite, new Counter(_faults)] });
        suite.Quiesced();
        suite.Violations.ShouldBeEmpty();
        return told.Fingerprint;
    }

    private void EveryKindHasOccurred()
    {
        foreach (FaultKind kind in Enum.GetValues<FaultKind>().Except(_notYet))
        {
            _faults[(int)kind].ShouldBeGreaterThan(0, $"{kind}");
        }
    }

    private string Journal(ulong seed) => _folder[FormattableString.Invariant($"{seed}.db")];

    /// <summary>A thousand journals would fill a small disk.</summary>
    private static void Remove(string path)
    {
        foreach (string file in Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*"))
        {
            File.Delete(file);
        }
    }

    private sealed class Counter(long[] faults) : IFactListener
    {
        public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
        {
            foreach (ref readonly Fact fact in facts)
            {
                if (fact.Kind == FaultCounted.Kind)
                {
                    faults[(int)fact.Read<FaultCounted>().FaultKind]++;
                }
                else if (fact.Kind == PageMapped.Kind && fact.Read<PageMapped>().Cause == FaultKind.PageTable)
                {
                    // Extra: it belongs to the fault that needed the table.
                    faults[(int)FaultKind.PageTable]++;
                }
            }
        }
    }

    private sealed record Judged(Fingerprint Fingerprint, Divergence? Divergence, IReadOnlyList<string> Broken)
    {
        public void ShouldHold(Fingerprint run, ulong seed)
        {
            (Fingerprint, Divergence).ShouldBe((run, null), $"seed {seed}");
            Broken.ShouldBeEmpty();
        }
    }
}
