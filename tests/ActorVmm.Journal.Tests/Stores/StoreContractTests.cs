namespace ActorVmm.Journal.Tests.Stores;

/// <summary>What every store promises. Each test has a store of its own, empty at first.</summary>
public abstract class StoreContractTests : IDisposable
{
    /// <summary>Where the store is; opened as often as a test likes.</summary>
    protected abstract string Place { get; }

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void AnEmptyStoreHoldsNoRun()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        store.Streams().ShouldBeEmpty();
        store.Last(Written.Stream).ShouldBeNull();
        Should.Throw<NoSuchRunException>(() => new JournalReader(store).Open("latest"));
    }

    [Fact]
    public void WhatIsWrittenIsRead()
    {
        using (IJournalStore store = JournalStores.OpenOrCreate(Place))
        {
            Written.Run(store);
        }

        using IJournalStore again = JournalStores.Open(Place);
        RecordedRun run = new JournalReader(again).Open("latest");
        run.Started.Seed.ShouldBe(42UL);
        run.Started.Settings.ShouldHaveSingleItem().Value.ShouldBe("256");
        run.Ended.ShouldNotBeNull().Statistics.Turns.ShouldBe(1_800);
        JournalEvent[] events = [.. run.Events()];
        events.OfType<DeliveryBatch>().Sum(batch => batch.Count).ShouldBe(1_800);
        events.OfType<Checkpoint>().Count().ShouldBe(2);
        run.Checkpoints().Count().ShouldBe(2);
        new JournalVerifier(again).VerifyAll().ShouldHaveSingleItem().ShouldBe(new StreamVerdict(Written.Stream, 10, 1_800, StreamCondition.Whole, 0, ""));
    }

    [Fact]
    public void TheColumnsAreFilledAsTheContractSays()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        long before = TimeProvider.System.GetUtcNow().UtcTicks;
        Written.Run(store);
        JournalRow[] rows = [.. store.Rows(Written.Stream)];
        rows.Select(row => row.Sequence).ShouldBe(Enumerable.Range(1, rows.Length).Select(number => (long)number));
        rows.Select(row => row.Manifest).Distinct().ShouldBe(["run-started/1", "batch/1", "checkpoint/1", "run-ended/1"]);
        foreach (JournalRow row in rows)
        {
            row.Identifier.ShouldBeGreaterThan(40);
            row.Writer.ShouldBe(JournalWriter.WriterId);
            row.Writer.Length.ShouldBe(32);
            row.Deleted.ShouldBeFalse();
            row.Created.ShouldBeInRange(before, TimeProvider.System.GetUtcNow().UtcTicks);
        }
    }

    [Fact]
    public void ARunOpensAtAnyDelivery()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        Written.Run(store, batches: 9, rows: 100);
        RecordedRun run = new JournalReader(store).Open("latest");
        run.Deliveries().ShouldBe(900);
        for (long delivery = 1; delivery <= 900; delivery += 33)
        {
            DeliveryBatch first = run.Events(delivery).OfType<DeliveryBatch>().First();
            delivery.ShouldBeInRange(first.First, first.LastDelivery);
        }

        run.NearestSnapshot(299).ShouldBeNull();
        run.NearestSnapshot(300).ShouldNotBeNull().Delivery.ShouldBe(300);
        run.NearestSnapshot(399)!.Delivery.ShouldBe(300);
        run.NearestSnapshot(900)!.Delivery.ShouldBe(400);
        run.NearestSnapshot(900)!.State.Span[100].ShouldBe((byte)(run.NearestSnapshot(300)!.State.Span[100] + 1));
    }

    [Fact]
    public void ARunThatWasCutOffIsReadToItsEnd()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        Written.Run(store, ended: false);
        RecordedRun run = new JournalReader(store).Open("latest");
        run.Ended.ShouldBeNull();
        run.Deliveries().ShouldBe(1_800);
        new JournalVerifier(store).VerifyAll().ShouldHaveSingleItem().Condition.ShouldBe(StreamCondition.CutOff);
    }

    [Fact]
    public void ASecondWriterOfAStreamIsRefused()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        Written.Run(store);
        using IJournalStore other = JournalStores.OpenOrCreate(Place);
        using (store.OpenWriter(Written.Stream, Durability.Full))
        {
            Should.Throw<JournalStorageException>(() => other.OpenWriter(Written.Stream, Durability.Full)).Message.ShouldContain("locked");
            Should.Throw<JournalStorageException>(() => other.Delete(Written.Stream));
        }

        other.OpenWriter(Written.Stream, Durability.Relaxed).Dispose();
    }

    [Fact]
    public void AFailedCommitTellsTheRunAndAcknowledgesNothing()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        Written.Run(store);

        // The stream is there already, so its first row is refused by the table itself.
        using var writer = new JournalWriter(store, Written.Stream, Durability.Full, TimeProvider.System);
        writer.Append(Written.Beginning());
        Should.Throw<JournalException>(writer.Flush);
        writer.DurableThrough.ShouldBe(0);
        Should.Throw<JournalException>(() => writer.Append(Written.Beginning()));
    }

    [Fact]
    public void OldRunsArePrunedAndPinnedOnesStay()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        string[] streams = [.. Enumerable.Range(0, 6).Select(number => Written.Stream[..^1] + number)];
        foreach (string stream in streams)
        {
            Written.Run(store, stream, batches: 2);
        }

        store.Pin(streams[1], pinned: true);
        var reader = new JournalReader(store);
        reader.Prune(keepRuns: 3).Select(run => run.Stream).ShouldBe([streams[2], streams[0]]);
        reader.Runs().Select(run => (run.Stream, run.Pinned)).ShouldBe([(streams[1], true), (streams[3], false), (streams[4], false), (streams[5], false)]);
        reader.Prune(keepBytes: 1).Count.ShouldBe(2);
        new JournalVerifier(store).VerifyAll().ShouldAllBe(verdict => verdict.Condition == StreamCondition.Whole);
    }

    [Fact]
    public void AnExportedRunIsOneFileAndTheSameRun()
    {
        using var folder = new TemporaryFolder();
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        Written.Run(store);
        var reader = new JournalReader(store);
        reader.Export(reader.Open("latest"), folder["exported.db"]);
        folder.Files.ShouldBe(["exported.db"]);
        Should.Throw<JournalStorageException>(() => reader.Export(reader.Open("latest"), folder["exported.db"]));

        using IJournalStore exported = JournalStores.Open(folder["exported.db"]);
        ShouldHoldTheSame(exported, store);
        store.Delete(Written.Stream);
        JournalReader.Import(exported, Written.Stream, store);
        ShouldHoldTheSame(store, exported);
        Should.Throw<JournalStorageException>(() => JournalReader.Import(exported, Written.Stream, store));
    }

    protected virtual void Dispose(bool disposing)
    {
    }

    private static void ShouldHoldTheSame(IJournalStore found, IJournalStore wanted)
    {
        found.Rows(Written.Stream).Select(Text).ShouldBe(wanted.Rows(Written.Stream).Select(Text));
        found.Snapshots(Written.Stream).Select(row => Convert.ToHexString(row.Snapshot)).ShouldBe(wanted.Snapshots(Written.Stream).Select(row => Convert.ToHexString(row.Snapshot)));
        new JournalVerifier(found).VerifyAll().ShouldHaveSingleItem().Condition.ShouldBe(StreamCondition.Whole);

        static string Text(JournalRow row) => $"{row with { Message = [] }} {Convert.ToHexString(row.Message)}";
    }
}
