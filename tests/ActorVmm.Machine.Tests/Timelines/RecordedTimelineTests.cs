using System.Globalization;
using ActorVmm.Journal;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Stores;
using ActorVmm.Machine.Timelines;
using Microsoft.Data.Sqlite;

namespace ActorVmm.Machine.Tests.Timelines;

/// <summary>A recorded run is the run that was recorded, at every delivery, from any side, opened by whomever.</summary>
public sealed class RecordedTimelineTests : IDisposable
{
    private const int LongTouches = 2_000;

    private readonly RecordedRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData("deterministic")]
    [InlineData("another")]
    public void EveryPointIsThatOfTheRunTakenAgain(string host)
    {
        long length = _runs.Record(RecordedRuns.Crowd(), host: host);
        using RecordedRuns.Opened opened = _runs.Open(RecordedRuns.Crowd());
        using var rerun = new RerunTimeline(RecordedRuns.Crowd());

        opened.Timeline.Length.ShouldBe(length);
        long[] places = [length, 0, 1, length / 2, (length / 2) - 1, (length / 2) - 900, length / 3, length - 1, 17, length / 5];
        foreach (long place in places.Concat(places.Reverse()))
        {
            opened.Timeline.Seek(place);
            rerun.Seek(place);
            opened.Timeline.Position.ShouldBe(place);
            opened.Timeline.Turn?.Stamp.ShouldBe(rerun.Turn!.Stamp);
            opened.Timeline.Turn?.Facts.Select(fact => fact.Kind).ShouldBe(rerun.Turn!.Facts.Select(fact => fact.Kind));
            if (host is "deterministic")
            {
                Places.Describe(opened.Timeline.Machine).ShouldBe(Places.Describe(rerun.Machine), $"at delivery {place}");
            }
        }
    }

    [Fact]
    public void ARunThatWasCutOffEndsWhereItsJournalDoes()
    {
        _runs.Record(RecordedRuns.Crowd(), cutOffAfter: 2_345);
        using RecordedRuns.Opened opened = _runs.Open(RecordedRuns.Crowd());
        opened.Timeline.Seek(long.MaxValue);

        opened.Timeline.Run.Ended.ShouldBeNull();
        opened.Timeline.Position.ShouldBe(2_345);
        opened.Timeline.Turn.ShouldNotBeNull().Number.ShouldBe(2_345);
        opened.Timeline.SeekNext(TurnFilters.Fault).ShouldBeFalse();
        opened.Timeline.Position.ShouldBe(2_345);
    }

    [Theory]
    [InlineData("deterministic")]
    [InlineData("another")]
    public void AnotherRunThanTheRecordedOneIsNamedWhereItDiffers(string host)
    {
        _runs.Record(RecordedRuns.Crowd(), host: host);
        using RecordedRuns.Opened opened = _runs.Open(RecordedRuns.Crowd(touches: 401));

        RunDivergedException diverged = Should.Throw<RunDivergedException>(() => opened.Timeline.Seek(long.MaxValue));
        diverged.Message.ShouldContain("this one");
        long at = diverged.Divergence.Delivery;
        opened.Timeline.Seek(at - 1);
        opened.Timeline.Turn.ShouldNotBeNull().Number.ShouldBe(at - 1);
        Should.Throw<RunDivergedException>(() => opened.Timeline.Seek(at)).Divergence.ShouldBe(diverged.Divergence);
    }

    [Theory]
    [InlineData("deterministic")]
    [InlineData("another")]
    public void ATimeIsTheLastDeliveryNotLater(string host)
    {
        _runs.Record(RecordedRuns.Crowd(), host: host);
        using RecordedRuns.Opened opened = _runs.Open(RecordedRuns.Crowd());
        using var rerun = new RerunTimeline(RecordedRuns.Crowd());
        foreach (Ticks time in new[] { Ticks.Zero, Ticks.FromMicroseconds(700), Ticks.FromMilliseconds(3), Ticks.FromSeconds(1_000) })
        {
            opened.Timeline.SeekTime(time);
            rerun.SeekTime(time);
            opened.Timeline.Position.ShouldBe(rerun.Position);
        }
    }

    [Fact]
    public void TheFirstVisitLaysSnapshotsAndTheNextOpensThem()
    {
        long length = _runs.Record(RecordedRuns.Crowd(touches: LongTouches), batch: 7_000);
        length.ShouldBeGreaterThan(400_000);
        var known = new Dictionary<long, string>();
        long[] places = [length, 300_001, 200_000];
        using (RecordedRuns.Opened first = _runs.Open(RecordedRuns.Crowd(touches: LongTouches)))
        {
            foreach (long place in places)
            {
                first.Timeline.Seek(place);
                known[place] = Places.Describe(first.Timeline.Machine);
            }
        }

        using RecordedRuns.Opened second = _runs.Open(RecordedRuns.Crowd(touches: LongTouches));
        IReadOnlyList<(long Row, long Bytes)> laid = second.Timeline.Run.Snapshots();
        laid.Count.ShouldBeInRange(4, 8);
        laid.ShouldAllBe(snapshot => second.Timeline.Run.DeliveryUpTo(snapshot.Row) % 7_000 == 0);
        foreach (long place in places)
        {
            using RecordedRuns.Opened fresh = _runs.Open(RecordedRuns.Crowd(touches: LongTouches));
            fresh.Timeline.Seek(place);
            Places.Describe(fresh.Timeline.Machine).ShouldBe(known[place], $"at delivery {place}");
            fresh.Timeline.Names.NameOf(fresh.Timeline.Turn!.Stamp.Actor).ShouldNotStartWith("actor-");
        }

        second.Timeline.Run.Snapshots().ShouldBe(laid, "whoever comes after lays no more");
        new JournalVerifier(second.Store).VerifyAll().ShouldAllBe(verdict => verdict.Condition == StreamCondition.Whole);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void ASnapshotThatTheRunTookLeadsToTheSameStates(int workers)
    {
        const long After = 20_000;
        long length = workers == 0
            ? _runs.Record(RecordedRuns.Crowd(), snapshotAfter: After)
            : _runs.RecordParallel(RecordedRuns.Crowd(), workers, After).Turns;
        using RecordedRuns.Opened through = _runs.Open(RecordedRuns.Crowd());
        long taken = through.Timeline.Run.DeliveryUpTo(through.Timeline.Run.Snapshots().ShouldHaveSingleItem().Row);
        taken.ShouldBeInRange(After, length - 100);

        // Step by step from the beginning, so that no snapshot is opened; then from it at once.
        for (long at = 1_000; at < taken + 50; at += 1_000)
        {
            through.Timeline.Seek(at);
        }

        foreach (long place in new[] { taken + 50, taken + 1 })
        {
            through.Timeline.Seek(place);
            using RecordedRuns.Opened fresh = _runs.Open(RecordedRuns.Crowd());
            fresh.Timeline.Seek(place);
            Places.Describe(fresh.Timeline.Machine).ShouldBe(Places.Describe(through.Timeline.Machine), $"at delivery {place}");
        }
    }

    [Fact]
    public void ADamagedSnapshotCostsTimeNotTruth()
    {
        long length = _runs.Record(RecordedRuns.Crowd(touches: LongTouches), batch: 7_000);
        string wanted;
        using (RecordedRuns.Opened first = _runs.Open(RecordedRuns.Crowd(touches: LongTouches)))
        {
            first.Timeline.Seek(length);
            wanted = Places.Describe(first.Timeline.Machine);
        }

        Execute("UPDATE snapshot SET snapshot = CAST(substr(snapshot, 1, 5000) || x'00' || substr(snapshot, 5002) AS BLOB)");
        using RecordedRuns.Opened second = _runs.Open(RecordedRuns.Crowd(touches: LongTouches));
        second.Timeline.Seek(length);
        Places.Describe(second.Timeline.Machine).ShouldBe(wanted);
    }

    [Fact]
    public void WhoCannotWriteKeepsStatesInMemory()
    {
        long length = _runs.Record(RecordedRuns.Crowd(touches: LongTouches), batch: 7_000);
        using var held = new FileStream(_runs.Journal + "-lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        using RecordedRuns.Opened opened = _runs.Open(RecordedRuns.Crowd(touches: LongTouches));
        opened.Timeline.Seek(length);
        opened.Timeline.Seek(length / 2);

        opened.Timeline.Position.ShouldBe(length / 2);
        opened.Timeline.Run.Snapshots().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void ARunOnSeveralCoresIsOneTimeline(int workers)
    {
        (long length, Fingerprint fingerprint) = _runs.RecordParallel(RecordedRuns.Crowd(touches: 4 * LongTouches), workers);
        length.ShouldBeGreaterThan(400_000);
        var known = new Dictionary<long, string>();
        long[] places = [17, length, 0, 1, length / 2, (length / 2) - 1, (length / 2) - 900, length - 1, 300_000];
        using (RecordedRuns.Opened opened = _runs.Open(RecordedRuns.Crowd(touches: 4 * LongTouches)))
        {
            opened.Timeline.Length.ShouldBe(length);
            foreach (long place in places.Concat(places.Reverse()))
            {
                opened.Timeline.Seek(place);
                opened.Timeline.Position.ShouldBe(place);
                opened.Timeline.Turn?.Number.ShouldBe(place);
                string state = Places.Describe(opened.Timeline.Machine);
                known.TryAdd(place, state);
                state.ShouldBe(known[place], $"at delivery {place}");
            }
        }

        known[length].ShouldStartWith(fingerprint.ToString());
        foreach (long place in places)
        {
            using RecordedRuns.Opened fresh = _runs.Open(RecordedRuns.Crowd(touches: 4 * LongTouches));
            fresh.Timeline.Run.Snapshots().Count.ShouldBeGreaterThan(1);
            fresh.Timeline.Seek(place);
            Places.Describe(fresh.Timeline.Machine).ShouldBe(known[place], $"at delivery {place}");
        }
    }

    [Fact]
    public void ARunOnSeveralCoresThatIsAnotherIsNamed()
    {
        _runs.RecordParallel(RecordedRuns.Crowd(), workers: 2);
        using RecordedRuns.Opened opened = _runs.Open(RecordedRuns.Crowd(touches: 401));

        Should.Throw<RunDivergedException>(() => opened.Timeline.Seek(long.MaxValue)).Divergence.Delivery.ShouldBePositive();
        opened.Timeline.Seek(1);
        opened.Timeline.Turn.ShouldNotBeNull().Number.ShouldBe(1);
    }

    [Fact]
    public void EqualRecordingsHaveNoDifference()
    {
        _runs.Record(RecordedRuns.Crowd());
        using RecordedRuns.Opened a = _runs.Open(RecordedRuns.Crowd());
        using var b = new RerunTimeline(RecordedRuns.Crowd());

        TimelineDiff.Find(a.Timeline, b).ShouldBeNull();
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection(string.Create(CultureInfo.InvariantCulture, $"Data Source={_runs.Journal};Pooling=false"));
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery().ShouldBeGreaterThan(0);
    }
}
