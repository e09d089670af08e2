using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Replaying;
using ActorVmm.Machine;
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
        Should.Throw<RunDivergedException>(() => resumption.Ending(1_999)).Message.ShouldContain("delivery 2000");
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

    /// <summary>Records a run up to a delivery, with a checkpoint every few hundred, and no end.</summary>
    private static void CutOff(string path, long at, Func<Checkpoint, Checkpoint>? changed = null)
    {
        using Scenario scenario = Small.Small(Seed);
        using IJournalStore store = JournalStores.OpenOrCreate(path);
        using var writer = new JournalWriter(store, Written.Stream, Durability.Relaxed, TimeProvider.System);
        MessageRegistry registry = ProtocolMessages.Create();
        writer.Append(new RunStarted { Host = "deterministic", DeliveryModel = "fifo", Seed = Seed, Registry = registry });
        var recorder = new JournalRecorder(writer, registry, messages: false);
        DeterministicHost? host = null;
        SimulatedMachine machine = MachineBuilder.Build(scenario, [], options => host = new DeterministicHost(options with { TurnListeners = [recorder] }));
        recorder.Attach(host!);
        while (host!.Statistics.Turns < at)
        {
            host.Run(maxTurns: Math.Min(Slice, at - host.Statistics.Turns));
            recorder.HandOver();
            var checkpoint = new Checkpoint { Delivery = host.Statistics.Turns, Now = host.Now, Fingerprint = machine.Fingerprint(), UnderWay = host.TurnsUnderWay };
            writer.Append(changed?.Invoke(checkpoint) ?? checkpoint);
        }

        writer.Flush();
    }

    private static Resumption Begin(IJournalStore store) =>
        Resumption.Begin(store, new JournalReader(store).Runs()[^1].Stream, Durability.Relaxed, "test", TimeProvider.System);

    /// <summary>Goes on to the end, or until it is cut off again.</summary>
    private static Fingerprint GoOn(string path, ulong seed, long stopAt = long.MaxValue)
    {
        using Scenario scenario = Small.Small(seed);
        using IJournalStore store = JournalStores.Open(path);
        using Resumption resumption = Begin(store);
        DeterministicHost? host = null;
        SimulatedMachine machine = MachineBuilder.Build(scenario, [], options => host = new DeterministicHost(options with { TurnListeners = [resumption] }));
        resumption.Attach(host!);
        RunOutcome outcome = RunOutcome.TurnsReached;
        while (outcome == RunOutcome.TurnsReached && host!.Statistics.Turns < stopAt)
        {
            outcome = host.Run(maxTurns: Math.Min(resumption.PauseAt, stopAt) - host.Statistics.Turns);
            resumption.Paused(host.Statistics.Turns, machine.Fingerprint);
        }

        if (outcome == RunOutcome.Quiescent)
        {
            resumption.Ending(host!.Statistics.Turns);
            resumption.Recorder.End(machine.Fingerprint(), "finished");
        }
        else
        {
            resumption.Recorder.HandOver();
            resumption.Writer.Flush();
        }

        return machine.Fingerprint();
    }
}
