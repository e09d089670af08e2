using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Replaying;
using ActorVmm.Machine;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Specifications;
using ActorVmm.Workloads.Scenarios;
using Small = ActorVmm.Journal.Tests.Replaying.Recording;

namespace ActorVmm.Journal.Tests.Recording;

/// <summary>A run that was cut off goes on behind its last durable delivery, and ends as if nothing had happened.</summary>
public sealed class ResumptionTests : IDisposable
{
    private const ulong Seed = 3;
    private const int Slice = 500;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ItEndsAsTheRunThatWasNotCutOff()
    {
        Small.Told whole = Small.Of(Small.Small(Seed), _folder["whole.db"], new() { Slice = Slice });
        for (int cut = 0; cut < whole.Deliveries; cut += 1_777)
        {
            string path = _folder[FormattableString.Invariant($"{cut}.db")];
            CutOff(path, cut);
            GoOn(path, Seed).ShouldBe(whole.Fingerprint);
            using IJournalStore store = JournalStores.Open(path);
            StreamVerdict verdict = new JournalVerifier(store).VerifyAll().ShouldHaveSingleItem();
            (verdict.Condition, verdict.Deliveries, verdict.Words).ShouldBe((StreamCondition.Whole, whole.Deliveries, ""));
            RecordedRun run = new JournalReader(store).Open("latest");
            run.Resumptions().ShouldHaveSingleItem().Delivery.ShouldBe(cut);
            Small.Replay(path, Small.Small(Seed)).Divergence.ShouldBeNull();
        }
    }

    [Fact]
    public void ItIsCutOffAgainAndAgain()
    {
        Small.Told whole = Small.Of(Small.Small(Seed), _folder["whole.db"]);
        CutOff(_folder["run.db"], 800);
        GoOn(_folder["run.db"], Seed, stopAt: 700); // before it has got to where it was cut off: nothing has changed
        GoOn(_folder["run.db"], Seed, stopAt: 1_500);
        GoOn(_folder["run.db"], Seed, stopAt: 2_000);
        GoOn(_folder["run.db"], Seed).ShouldBe(whole.Fingerprint);
        using IJournalStore store = JournalStores.Open(_folder["run.db"]);
        new JournalReader(store).Open("latest").Resumptions().Select(resumed => resumed.Delivery).ShouldBe([800, 1_500, 2_000]);
        Small.Replay(_folder["run.db"], Small.Small(Seed)).Fingerprint.ShouldBe(whole.Fingerprint);
    }

    [Fact]
    public void AnotherRunIsNamedAtItsFirstDifference()
    {
        CutOff(_folder["run.db"], 2_000);
        byte[] before = File.ReadAllBytes(_folder["run.db"]);
        Divergence difference = Should.Throw<RunDivergedException>(() => GoOn(_folder["run.db"], Seed + 1)).Divergence;
        difference.Delivery.ShouldBeInRange(1, 2_000);
        difference.Words.ShouldNotBeEmpty();
        File.ReadAllBytes(_folder["run.db"]).ShouldBe(before);
    }

    [Fact]
    public void AnotherMachineAtACheckpointIsNamed()
    {
        CutOff(_folder["run.db"], 2_000, changed: checkpoint => new Checkpoint { Delivery = checkpoint.Delivery, Now = checkpoint.Now, Fingerprint = new Fingerprint(1, 2) });
        Should.Throw<RunDivergedException>(() => GoOn(_folder["run.db"], Seed)).Divergence.Delivery.ShouldBe(Slice);
    }

    [Fact]
    public void ARunThatEndsEarlierThanRecordedIsNamed()
    {
        CutOff(_folder["run.db"], 2_000);
        using IJournalStore store = JournalStores.Open(_folder["run.db"]);
        using Resumption resumption = Begin(store);
        using Scenario scenario = Small.Small(Seed);
        SimulatedMachine machine = MachineBuilder.Build(scenario, [], options => resumption.HostOf(options, made => new DeterministicHost(made)));
        machine.Host.Run(maxTurns: 1_999);
        Should.Throw<RunDivergedException>(() => resumption.End(machine.Fingerprint(), "finished")).Message.ShouldContain("delivery 2000");
    }

    [Fact]
    public void ARunThatHasEndedIsNotGoneOnWith()
    {
        Small.Of(Small.Small(Seed), _folder["run.db"]);
        using IJournalStore store = JournalStores.Open(_folder["run.db"]);
        Should.Throw<NoSuchRunException>(() => Begin(store)).Message.ShouldContain("has ended (finished)");
    }

    [Fact]
    public void NobodyElseGoesOnWithItAtTheSameTime()
    {
        CutOff(_folder["run.db"], 2_000);
        using IJournalStore store = JournalStores.Open(_folder["run.db"]);
        using Resumption first = Begin(store);
        Should.Throw<JournalStorageException>(() => Begin(store)).Message.ShouldContain("locked by another writer");
    }

    [Fact]
    public void ADamagedTailIsNotGoneOnWith()
    {
        CutOff(_folder["run.db"], 2_000);
        byte[] bytes = File.ReadAllBytes(_folder["run.db"]);
        bytes[bytes.AsSpan().LastIndexOf("AVJ\u0001"u8) + 60] ^= 4;
        File.WriteAllBytes(_folder["run.db"], bytes);
        Should.Throw<DamagedJournalException>(() => GoOn(_folder["run.db"], Seed)).Row.ShouldBeGreaterThan(1);
        File.ReadAllBytes(_folder["run.db"]).ShouldBe(bytes);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 0)]
    [InlineData(2, 1_000)]
    [InlineData(2, 3_000)]
    [InlineData(3, 5_000)]
    public void SoDoesARunOnSeveralCores(int workers, long cut)
    {
        string path = _folder["run.db"];
        CutOff(path, cut, workers);
        GoOn(path, Seed, stopAt: cut + 1_500, workers);
        Fingerprint ended = GoOn(path, Seed, workers: workers);
        using IJournalStore store = JournalStores.Open(path);
        StreamVerdict verdict = new JournalVerifier(store).VerifyAll().ShouldHaveSingleItem();
        (verdict.Condition, verdict.Words).ShouldBe((StreamCondition.Whole, ""));
        new JournalReader(store).Open("latest").Resumptions().Count().ShouldBe(2);
        ReplayResult result = Small.Replay(path, Small.Small(Seed));
        (result.Divergence, result.Fingerprint, result.Recorded).ShouldBe((null, ended, ended));
    }

    [Fact]
    public void AnotherRunOnSeveralCoresIsNamedToo()
    {
        CutOff(_folder["run.db"], 2_000, workers: 2);
        Should.Throw<RunDivergedException>(() => GoOn(_folder["run.db"], Seed + 1, workers: 2)).Divergence.Words.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void ATurnThatThrewThrowsAgainAndIsTheEnd(int workers)
    {
        var how = new Small.How { Workers = workers, Sabotage = Ticks.FromMilliseconds(3), Slice = Slice };
        Small.Told told = Small.Of(Small.Small(Seed), _folder["whole.db"], how);
        Behead(_folder["whole.db"], _folder["run.db"]);
        GoOn(_folder["run.db"], Seed, workers: workers, sabotage: how.Sabotage).ShouldBe(told.Fingerprint);
        ReplayResult result = Small.Replay(_folder["run.db"], Small.Small(Seed), how: how);
        (result.Divergence, result.Fingerprint, result.Recorded, result.Stop.Contains("PfnDatabase", StringComparison.Ordinal)).ShouldBe((null, told.Fingerprint, told.Fingerprint, true));
    }

    /// <summary>Records a run up to a delivery, with a checkpoint every few hundred, and no end.</summary>
    private static void CutOff(string path, long at, int workers = 0, Func<Checkpoint, Checkpoint>? changed = null)
    {
        using Scenario scenario = Small.Small(Seed);
        using IJournalStore store = JournalStores.OpenOrCreate(path);
        using var writer = new JournalWriter(store, Written.Stream, Durability.Relaxed, TimeProvider.System);
        var started = new RunStarted { Host = workers == 0 ? "deterministic" : "parallel", DeliveryModel = "fifo", Seed = Seed, Registry = ProtocolMessages.Create() };
        writer.Append(started);
        IRunRecorder recorder = RunRecorders.For(writer, started);
        SimulatedMachine machine = MachineBuilder.Build(
            scenario, [], options => HostOf(recorder is ITurnListener listener ? options with { TurnListeners = [listener] } : options, workers));
        IHost host = machine.Host;
        recorder.Attach(host);
        while (host.Statistics.Turns < at)
        {
            host.Run(maxTurns: Math.Min(Slice, at - host.Statistics.Turns));
            recorder.HandOver();
            var checkpoint = new Checkpoint { Delivery = host.Statistics.Turns, Now = host.Now, Fingerprint = machine.Fingerprint() };
            writer.Append(changed?.Invoke(checkpoint) ?? checkpoint);
        }

        writer.Flush();
    }

    /// <summary>A copy without the last row.</summary>
    private static void Behead(string from, string to)
    {
        using IJournalStore whole = JournalStores.Open(from);
        using IJournalStore cut = JournalStores.OpenOrCreate(to);
        string stream = new JournalReader(whole).Runs()[^1].Stream;
        using IJournalAppender appender = cut.OpenWriter(stream, Durability.Relaxed);
        appender.Commit([.. whole.Rows(stream).SkipLast(1)], []);
    }

    private static IHost HostOf(HostOptions options, int workers) =>
        workers == 0 ? new DeterministicHost(options) : new ParallelHost(new ParallelHostOptions(options) { Workers = workers, TimeScale = 0, Clock = TimeProvider.System, Recording = true });

    private static Resumption Begin(IJournalStore store) =>
        Resumption.Begin(store, new JournalReader(store).Runs()[^1].Stream, Durability.Relaxed, "test", TimeProvider.System);

    /// <summary>Goes on to the end, or until it is cut off again. The promises of the memory manager hold all the way.</summary>
    private static Fingerprint GoOn(string path, ulong seed, long stopAt = long.MaxValue, int workers = 0, Ticks? sabotage = null)
    {
        using Scenario scenario = Small.Small(seed);
        using IJournalStore store = JournalStores.Open(path);
        using Resumption resumption = Begin(store);
        var promises = new SpecificationSuite(scenario.Machine);
        SimulatedMachine machine = Small.Build(scenario, new() { Sabotage = sabotage, Listeners = [promises] }, options => resumption.HostOf(options, made => HostOf(made, workers)));
        RunOutcome outcome = RunOutcome.TurnsReached;
        bool stopped = false;
        while (outcome == RunOutcome.TurnsReached && !stopped && machine.Host.Statistics.Turns < stopAt)
        {
            try
            {
                outcome = machine.Host.Run(maxTurns: Math.Max(1, Math.Min(resumption.PauseAt, stopAt) - machine.Host.Statistics.Turns));
                resumption.Paused(machine.Host.Statistics.Turns, machine.Fingerprint);
            }
            catch (MachineStoppedException)
            {
                stopped = true;
            }
        }

        if (outcome == RunOutcome.Quiescent || stopped)
        {
            resumption.End(machine.Fingerprint(), "finished");
        }
        else
        {
            resumption.HandOver();
            resumption.Writer.Flush();
        }

        promises.Violations.ShouldBeEmpty();
        return machine.Fingerprint();
    }
}
