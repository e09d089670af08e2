using ActorVmm.Journal.Replaying;

namespace ActorVmm.Journal.Tests.Replaying;

/// <summary>Runs on several cores: their boundaries are recorded, and one thread or several do them again.</summary>
public sealed class ParallelRunTests : IDisposable
{
    private static readonly ulong _seeds = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" ? 100UL : 5;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("first-look", 2)]
    [InlineData("thrash", 8)]
    [InlineData("process-churn", 2)]
    [InlineData("low-memory-and-slow-disk", 2)]
    public void AReplayIsTheRun(string name, int workers)
    {
        Recording.Told told = Recording.Of(Recording.Scenario(name), _folder["run.db"], new() { Workers = workers });
        foreach (int threads in (int[])[1, 2])
        {
            ReplayResult result = Recording.Replay(_folder["run.db"], Recording.Scenario(name), threads: threads);
            result.Divergence.ShouldBeNull();
            (result.Deliveries, result.Fingerprint, result.Recorded).ShouldBe((told.Deliveries, told.Fingerprint, told.Fingerprint));
            result.CutOff.ShouldBeFalse();
        }
    }

    [Fact]
    public void SoIsThatOfEverySeed()
    {
        for (ulong seed = 1; seed <= _seeds; seed++)
        {
            string path = _folder[FormattableString.Invariant($"{seed}.db")];
            Recording.Told told = Recording.Of(Recording.Small(seed), path, new() { Workers = 1 + (int)(seed % 8), Slice = 1_500 });
            told.Checkpoints.ShouldBeGreaterThan(3);
            foreach (int threads in (int[])[1, 2])
            {
                ReplayResult result = Recording.Replay(path, Recording.Small(seed), threads: threads);
                (result.Divergence, result.Fingerprint, result.Checkpoints).ShouldBe((null, told.Fingerprint, told.Checkpoints));
            }
        }
    }

    [Theory]
    [InlineData("process-churn", 2)]
    [InlineData("process-churn", 8)]
    [InlineData("first-look", 2)]
    public void WithMessagesItIsRecordedDeliveryByDelivery(string name, int workers)
    {
        Recording.Told told = Recording.Of(Recording.Scenario(name), _folder["run.db"], new() { Workers = workers, Messages = true, Slice = 2_000 });
        using (IJournalStore store = JournalStores.Open(_folder["run.db"]))
        {
            RecordedRun run = new JournalReader(store).Open("latest");
            Replayer.HasBoundaries(run).ShouldBeFalse();
            run.Events().OfType<DeliveryBatch>().Sum(batch => batch.Messages.Length).ShouldBe((int)told.Deliveries);
            run.Events().OfType<DeliveryBatch>().Sum(batch => batch.Births.Length).ShouldBeGreaterThan(0);
        }

        ReplayResult result = Recording.Replay(_folder["run.db"], Recording.Scenario(name), again: _folder["again.db"]);
        (result.Divergence, result.Fingerprint, result.Checkpoints).ShouldBe((null, told.Fingerprint, told.Checkpoints));

        ReplayResult second = Recording.Replay(_folder["again.db"], Recording.Scenario(name));
        (second.Divergence, second.Fingerprint).ShouldBe((null, told.Fingerprint));
    }

    [Fact]
    public void WhatIsComputedFromBoundariesIsRecordedAndReplayedDeliveryByDelivery()
    {
        Recording.Told told = Recording.Of(Recording.Scenario("process-churn"), _folder["run.db"], new() { Workers = 2 });
        Recording.Replay(_folder["run.db"], Recording.Scenario("process-churn"), again: _folder["rows.db"]).Divergence.ShouldBeNull();
        ReplayResult rows = Recording.Replay(_folder["rows.db"], Recording.Scenario("process-churn"));
        (rows.Divergence, rows.Fingerprint, rows.Deliveries).ShouldBe((null, told.Fingerprint, told.Deliveries));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ADifferentMachineAtACheckpointIsNamedByItsActor(bool messages)
    {
        Recording.Of(Recording.Small(3), _folder["run.db"], new() { Workers = 2, Messages = messages, Slice = 5_000 });
        using IJournalStore store = JournalStores.Open(_folder["run.db"]);
        RecordedRun run = new JournalReader(store).Open("latest");
        Checkpoint second = run.Checkpoints().ElementAt(1);
        second.Delivery.ShouldBe(10_000);
        second.Actors.Count.ShouldBeGreaterThan(10);
        using (IJournalStore changed = JournalStores.OpenOrCreate(_folder["changed.db"]))
        using (var writer = new JournalWriter(changed, run.Stream, Durability.Relaxed, TimeProvider.System))
        {
            writer.Append(run.Started);
            foreach (JournalEvent next in run.Events().Skip(1))
            {
                writer.Append(next is Checkpoint checkpoint && checkpoint.Delivery == second.Delivery ? Changed(checkpoint, 5) : next);
            }
        }

        Divergence divergence = Recording.Replay(_folder["changed.db"], Recording.Small(3)).Divergence.ShouldNotBeNull();
        (divergence.Delivery, divergence.Actor).ShouldBe((10_000, second.Actors[5].Actor));
    }

    [Fact]
    public void ARunThatWasInterruptedReplays()
    {
        for (int stop = 0; stop < 4_000; stop += 500)
        {
            string path = _folder[FormattableString.Invariant($"{stop}.db")];
            Recording.Told told = Recording.Of(Recording.Small(3), path, new() { Workers = 2, StopAt = stop });
            ReplayResult result = Recording.Replay(path, Recording.Small(3));
            (result.Divergence, result.Fingerprint, result.Deliveries).ShouldBe((null, told.Fingerprint, told.Deliveries));
        }
    }

    [Fact]
    public void AReplayStopsWhereItIsTold()
    {
        Recording.Of(Recording.Small(3), _folder["run.db"], new() { Workers = 2, Slice = 700 });
        foreach (long to in (long[])[1, 700, 777, 1_400])
        {
            ReplayResult one = Recording.Replay(_folder["run.db"], Recording.Small(3), to: to);
            ReplayResult two = Recording.Replay(_folder["run.db"], Recording.Small(3), to: to, threads: 2);
            (one.Deliveries, one.Recorded, one.Divergence).ShouldBe((to, null, null));
            two.ShouldBe(one);
        }

        ReplayResult timed = Recording.Replay(_folder["run.db"], Recording.Small(3), until: Ticks.FromMilliseconds(2));
        timed.Deliveries.ShouldBeInRange(1, 4_000);
        timed.Divergence.ShouldBeNull();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AnotherSeedDivergesAndIsNamed(int threads)
    {
        Recording.Of(Recording.Small(3), _folder["run.db"], new() { Workers = 2 });
        ReplayResult result = Recording.Replay(_folder["run.db"], Recording.Small(4), threads: threads);
        result.Verified.ShouldBeFalse();
        result.Divergence.ShouldNotBeNull().Delivery.ShouldBeInRange(1, result.Deliveries + 1);
        result.Divergence.Actor.Value.ShouldBeGreaterThan(0);
    }

    private static Checkpoint Changed(Checkpoint checkpoint, int actor) => new()
    {
        Delivery = checkpoint.Delivery, Now = checkpoint.Now, Fingerprint = default, UnderWay = checkpoint.UnderWay, OnTheirWay = checkpoint.OnTheirWay,
        Actors = [.. checkpoint.Actors.Select((check, index) => index == actor ? check with { Hash = check.Hash + 1 } : check)],
    };

    [Fact]
    public void ATornTailReplaysToItsLastPiece()
    {
        Recording.Told told = Recording.Of(Recording.Small(3), _folder["run.db"], new() { Workers = 2, Slice = 9_000 });
        using IJournalStore whole = JournalStores.Open(_folder["run.db"]);
        JournalRow[] rows = [.. whole.Rows(whole.Streams()[0].Stream)];
        for (int kept = 1; kept < rows.Length; kept++)
        {
            string path = _folder[FormattableString.Invariant($"{kept}.db")];
            using (IJournalStore torn = JournalStores.OpenOrCreate(path))
            using (IJournalAppender appender = torn.OpenWriter(rows[0].Stream, Durability.Relaxed))
            {
                appender.Commit(rows[..kept], []);
            }

            ReplayResult result = Recording.Replay(path, Recording.Small(3));
            (result.CutOff, result.Divergence, result.Recorded).ShouldBe((true, null, null));
            result.Deliveries.ShouldBe(Math.Min(9_000 * (kept / 2), told.Deliveries));
        }
    }
}
