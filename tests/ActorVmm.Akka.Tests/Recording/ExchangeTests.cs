using ActorVmm.Akka.Recording;
using ActorVmm.Journal;
using ActorVmm.Journal.Replaying;
using ActorVmm.Journal.Tests;
using ActorVmm.Machine.Timelines;
using ActorVmm.Workloads.Scenarios;
using Akka.Actor;
using Runs = ActorVmm.Journal.Tests.Replaying.Recording;

namespace ActorVmm.Akka.Tests.Recording;

/// <summary>What one side writes the other reads, and goes on with.</summary>
public abstract class ExchangeTests
{
    /// <summary>An empty place of its own for each test.</summary>
    protected abstract string Place { get; }

    /// <summary>Another empty place.</summary>
    protected abstract string StockPlace { get; }

    /// <summary>Changes something in the tables behind everybody's back.</summary>
    protected abstract void Execute(string sql);

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void ARunRecordedThroughAkkaIsListedVerifiedReplayedAndInspected(ulong seed, bool messages)
    {
        Journals.Told told = Journals.Record(Runs.Small(seed), Place, messages);

        using IJournalStore store = JournalStores.Open(Place);
        JournalReader reader = new(store);
        reader.Runs().ShouldHaveSingleItem().Stream.ShouldBe(told.Stream);
        reader.EndOf(told.Stream).ShouldBe("finished");
        StreamVerdict verdict = new JournalVerifier(store).VerifyAll().ShouldHaveSingleItem();
        (verdict.Words, verdict.Condition, verdict.Deliveries).ShouldBe(("", StreamCondition.Whole, told.Statistics.Turns));

        ReplayResult replayed = Runs.Replay(Place, Runs.Small(seed));
        (replayed.Divergence, replayed.Deliveries, replayed.Fingerprint, replayed.Recorded).ShouldBe((null, told.Statistics.Turns, told.Fingerprint, told.Fingerprint));
        replayed.Checkpoints.ShouldBe(told.Checkpoints);

        using Scenario scenario = Runs.Small(seed);
        using RecordedTimeline timeline = new(reader.Open(JournalReader.Latest), scenario, TimeProvider.System);
        timeline.Seek(told.Statistics.Turns / 2);
        timeline.Turn!.Number.ShouldBe(told.Statistics.Turns / 2);
        timeline.Seek(told.Statistics.Turns);
        timeline.Machine.Fingerprint().ShouldBe(told.Fingerprint);
    }

    [Fact]
    public async Task EventsOfTheStockBuildAreRecovered()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        Written.Run(store);
        using ActorSystem system = Journals.System(Place);

        IReadOnlyList<RunEvent> recovered = await Reader.Read(system, Written.Stream);

        JournalRow[] rows = [.. store.Rows(Written.Stream)];
        recovered.Select(found => found.Row with { Message = [] }).ShouldBe(rows.Select(row => row with { Message = [] }));
        recovered.Select(found => Convert.ToHexString(found.Row.Message)).ShouldBe(rows.Select(row => Convert.ToHexString(row.Message)));
        MessageRegistry registry = ((RunStarted)recovered[0].Open(null)).Registry;
        JournalEvent[] events = [.. new JournalReader(store).Open(Written.Stream[JournalReader.Prefix.Length..]).Events()];
        EventText.Of(recovered.Select(found => found.Open(registry))).ShouldBe(EventText.Of(events));
    }

    [Fact]
    public void AStreamOfTheStockBuildIsGoneOnWith()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        Written.Run(store, ended: false);
        using (ActorSystem system = Journals.System(Place))
        using (AkkaRunWriter writer = new(system, store, Written.Stream, Durability.Full, TimeProvider.System))
        {
            writer.DurableThrough.ShouldBe(1_800);
            writer.Append(Written.Batch(1_801, 200, new Random(5), messages: true));
            writer.Append(Written.End(2_000));
            writer.Flush();
            writer.DurableThrough.ShouldBe(2_000);
        }

        StreamVerdict verdict = new JournalVerifier(store).Verify(Written.Stream);
        (verdict.Words, verdict.Condition, verdict.Deliveries).ShouldBe(("", StreamCondition.Whole, 2_000));
    }

    [Fact]
    public void AStreamThatAkkaBeganIsGoneOnWithByTheStockBuild()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        using (ActorSystem system = Journals.System(Place))
        using (AkkaRunWriter writer = new(system, store, Written.Stream, Durability.Full, TimeProvider.System))
        {
            writer.Append(Written.Beginning());
            writer.Append(Written.Batch(1, 300, new Random(5)));
        }

        using (JournalWriter writer = JournalWriter.GoOn(store, Written.Stream, Durability.Full, TimeProvider.System, out _))
        {
            writer.DurableThrough.ShouldBe(300);
            writer.Append(Written.End(300));
            writer.Flush();
        }

        new JournalVerifier(store).Verify(Written.Stream).Condition.ShouldBe(StreamCondition.Whole);
    }

    [Fact]
    public void RowsAreThoseOfTheStockBuildColumnForColumn()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        StoppedClock clock = new();
        using (ActorSystem system = Journals.System(Place))
        using (AkkaRunWriter writer = new(system, store, Written.Stream, Durability.Full, clock))
        {
            Append(writer);
        }

        using IJournalStore stock = JournalStores.OpenOrCreate(StockPlace);
        using (JournalWriter writer = new(stock, Written.Stream, Durability.Full, clock))
        {
            Append(writer);
        }

        JournalRow[] rows = [.. store.Rows(Written.Stream)];
        JournalRow[] wanted = [.. stock.Rows(Written.Stream)];
        rows.Length.ShouldBe(5);
        rows.Select(row => row with { Message = [] }).ShouldBe(wanted.Select(row => row with { Message = [] }));
        rows.Select(row => Convert.ToHexString(row.Message)).ShouldBe(wanted.Select(row => Convert.ToHexString(row.Message)));
        rows[0].Created.ShouldBe(clock.GetUtcNow().UtcTicks);
        rows[0].Writer.ShouldBe(JournalWriter.WriterId);
    }

    [Fact]
    public async Task WhatHasNoSerializerIsRefusedAndNothingIsWritten()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        Written.Run(store, batches: 1);
        using ActorSystem system = Journals.System(Place);
        IActorRef actor = system.ActorOf(Props.Create(typeof(Reader), "notes", new TaskCompletionSource<IReadOnlyList<RunEvent>>()));

        Exception refused = await Should.ThrowAsync<Exception>(() => actor.Ask<string>("a text"));

        refused.Message.ShouldContain("String is not registered with serializer 22093");
        new JournalVerifier(store).VerifyAll().ShouldHaveSingleItem().Condition.ShouldBe(StreamCondition.Whole);
        store.ScanKeys().ShouldAllBe(key => key.Stream != "notes");
    }

    [Theory]
    [InlineData("UPDATE journal SET identifier = 1, manifest = 'System.Object, System.Private.CoreLib' WHERE sequence_number = 3", "row 3: serializer 1 wrote it")]
    [InlineData("UPDATE journal SET manifest = 'batch/2' WHERE sequence_number = 3", "version 2, and this program knows version 1")]
    [InlineData("UPDATE journal SET manifest = 'words/1' WHERE sequence_number = 3", "version 1, and this program knows version 0")]
    [InlineData("UPDATE journal SET created = created + 1 WHERE sequence_number = 3", "row 3: its checksum is not that of its bytes")]
    [InlineData("UPDATE journal SET writer_uuid = 'another' WHERE sequence_number = 3", "row 3: its checksum is not that of its bytes")]
    [InlineData("DELETE FROM journal WHERE sequence_number = 3", "row 3: it is missing")]
    public async Task WhatIsNotWhatWasWrittenIsNotRecovered(string change, string words)
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        Written.Run(store, ended: false);
        Execute(change);
        using ActorSystem system = Journals.System(Place);

        (await Should.ThrowAsync<Exception>(() => Reader.Read(system, Written.Stream))).Message.ShouldContain(words);
        Should.Throw<JournalException>(() => new AkkaRunWriter(system, store, Written.Stream, Durability.Full, TimeProvider.System)).Message.ShouldContain(words);
    }

    [Fact]
    public void AFailedPersistStopsTheRunAndSaysSo()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        using ActorSystem system = Journals.System(Place);
        using AkkaRunWriter writer = new(system, store, Written.Stream, Durability.Full, TimeProvider.System);
        Random random = new(1);
        writer.Append(Written.Beginning());
        writer.Append(Written.Batch(1, 100, random));
        writer.Flush();
        Execute("ALTER TABLE journal RENAME TO elsewhere");

        writer.Append(Written.Batch(101, 100, random));

        JournalStorageException failure = Should.Throw<JournalStorageException>(writer.Flush);
        failure.Message.ShouldStartWith("the journal cannot be written: ");
        Should.Throw<JournalStorageException>(() => writer.Append(Written.Batch(201, 100, random))).ShouldBeSameAs(failure);
        writer.DurableThrough.ShouldBe(100);
        Execute("ALTER TABLE elsewhere RENAME TO journal");
        new JournalVerifier(store).Verify(Written.Stream).Deliveries.ShouldBe(100);
    }

    /// <summary>Again and again, at a row that is about to be made, with others on their way to the database.</summary>
    [Fact]
    public void ARecorderThatFailsIsStartedAgainAndTheRunGoesOnToItsEnd()
    {
        FailingClock clock = new(call => call % 3 == 0);
        Journals.Told told = Journals.Record(Runs.Small(3), Place, slice: 200, clock: clock, overrides: Overrides.Of("quick", "actorvmm.recorder { min-backoff = 1ms, max-backoff = 1ms }"));

        clock.Failures.ShouldBeGreaterThan(10);
        using IJournalStore store = JournalStores.Open(Place);
        StreamVerdict verdict = new JournalVerifier(store).VerifyAll().ShouldHaveSingleItem();
        (verdict.Words, verdict.Condition, verdict.Deliveries).ShouldBe(("", StreamCondition.Whole, told.Statistics.Turns));
        ReplayResult replayed = Runs.Replay(Place, Runs.Small(3));
        (replayed.Divergence, replayed.Deliveries, replayed.Fingerprint, replayed.Recorded).ShouldBe((null, told.Statistics.Turns, told.Fingerprint, told.Fingerprint));
        replayed.Checkpoints.ShouldBe(told.Checkpoints);
    }

    private static void Append(IRunWriter writer)
    {
        Random random = new(3);
        foreach (JournalEvent next in (JournalEvent[])[Written.Beginning(), Written.Batch(1, 100, random), Written.Batch(101, 100, random, messages: true), Written.CheckpointAt(200), Written.End(200)])
        {
            writer.Append(next);
        }

        writer.Flush();
        writer.DurableThrough.ShouldBe(200);
    }
}
