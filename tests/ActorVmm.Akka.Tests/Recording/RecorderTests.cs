using ActorVmm.Akka.Recording;
using ActorVmm.Journal;
using ActorVmm.Journal.Tests;
using Akka.Actor;
using Runs = ActorVmm.Journal.Tests.Replaying.Recording;

namespace ActorVmm.Akka.Tests.Recording;

/// <summary>What becomes of a run whose recorder fails: it is started again with back-off, and given up in the end.</summary>
public sealed class RecorderTests : IDisposable
{
    private static readonly Overrides _quick = Overrides.Of("quick", "actorvmm.recorder { min-backoff = 1ms, max-backoff = 2ms, max-retries = 4 }");

    private readonly TemporaryFolder _folder = new();

    private string Place => _folder["run.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void ItIsGivenUpWhenNothingGetsThroughAnyMoreAndTheRunStopsAndSaysSo()
    {
        FailingClock clock = new(call => call > 20);

        JournalStorageException failure = Should.Throw<JournalStorageException>(() => Journals.Record(Runs.Small(1), Place, slice: 200, clock: clock, overrides: _quick));

        failure.Message.ShouldStartWith("the journal cannot be written: the recorder of run/");
        failure.Message.ShouldEndWith("failed again and again, lastly because of this: the clock has stopped");
        using IJournalStore store = JournalStores.Open(Place);
        StreamVerdict verdict = new JournalVerifier(store).VerifyAll().ShouldHaveSingleItem();
        (verdict.Words, verdict.Condition).ShouldBe(("", StreamCondition.CutOff));
        store.Rows(verdict.Stream).Count().ShouldBe(20);
    }

    [Fact]
    public void ItIsStartedAgainAsOftenAsSettingsSay()
    {
        FailingClock clock = new(call => call > 2);
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        using ActorSystem system = Journals.System(Place, _quick);
        using AkkaRunWriter writer = new(system, store, Written.Stream, Durability.Full, clock);
        Random random = new(1);
        writer.Append(Written.Beginning());
        writer.Append(Written.Batch(1, 100, random));
        writer.Flush();

        writer.Append(Written.Batch(101, 100, random));

        JournalStorageException failure = Should.Throw<JournalStorageException>(writer.Flush);
        clock.Failures.ShouldBe(1 + 4);
        Should.Throw<JournalStorageException>(() => writer.Append(Written.Batch(201, 100, random))).ShouldBeSameAs(failure);
        writer.DurableThrough.ShouldBe(100);
    }

    /// <summary>Every row but the first takes three attempts, so over the run there are far more failures than there may be in a row.</summary>
    [Fact]
    public void WhatGotThroughIsNoLongerCountedAgainstIt()
    {
        FailingClock clock = new(call => call % 3 != 1);
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        using ActorSystem system = Journals.System(Place, _quick);
        using AkkaRunWriter writer = new(system, store, Written.Stream, Durability.Full, clock);
        Random random = new(1);

        writer.Append(Written.Beginning());
        for (int batch = 0; batch < 10; batch++)
        {
            writer.Append(Written.Batch(1 + (batch * 100), 100, random));
        }

        writer.Append(Written.End(1_000));
        writer.Flush();

        clock.Failures.ShouldBe(2 * 11);
        StreamVerdict verdict = new JournalVerifier(store).Verify(Written.Stream);
        (verdict.Words, verdict.Condition, verdict.Deliveries).ShouldBe(("", StreamCondition.Whole, 1_000));
        writer.BytesWritten.ShouldBe(store.Rows(Written.Stream).Sum(row => row.Message.Length));
    }

    /// <summary>It has just told of a row, and others may be on their way.</summary>
    [Fact]
    public void ItMayFailRightBehindARowThatIsDurable()
    {
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        using ActorSystem system = Journals.System(Place, _quick);
        using AkkaRunWriter writer = new(system, store, Written.Stream, Durability.Full, TimeProvider.System);
        int given = 0;
        writer.Recycle = _ => throw new InvalidOperationException(FormattableString.Invariant($"failure {++given}"));
        Random random = new(1);

        writer.Append(Written.Beginning());
        for (int batch = 0; batch < 30; batch++)
        {
            writer.Append(Written.Batch(1 + (batch * 100), 100, random));
            if (batch % 3 == 0)
            {
                writer.Flush();
            }
        }

        writer.Append(Written.End(3_000));
        writer.Flush();

        given.ShouldBeInRange(10, 30);
        StreamVerdict verdict = new JournalVerifier(store).Verify(Written.Stream);
        (verdict.Words, verdict.Condition, verdict.Deliveries).ShouldBe(("", StreamCondition.Whole, 3_000));
    }

    [Fact]
    public void WhatWasAcknowledgedAndIsGoneStopsTheRun()
    {
        bool fails = false;
        using IJournalStore store = JournalStores.OpenOrCreate(Place);
        using ActorSystem system = Journals.System(Place, _quick);
        using AkkaRunWriter writer = new(system, store, Written.Stream, Durability.Full, new FailingClock(_ => Interlocked.Exchange(ref fails, false)));
        Random random = new(1);
        writer.Append(Written.Beginning());
        writer.Append(Written.Batch(1, 100, random));
        writer.Flush();
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Place};Pooling=false"))
        {
            connection.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = connection.CreateCommand();
            command.CommandText = "DELETE FROM journal WHERE sequence_number = 2";
            command.ExecuteNonQuery();
        }

        fails = true;
        writer.Append(Written.Batch(101, 100, random));

        Should.Throw<JournalStorageException>(writer.Flush).Message.ShouldContain("row 2 was acknowledged, and now the stream ends with row 1");
    }
}
