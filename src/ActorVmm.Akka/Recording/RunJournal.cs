using System.Collections.Concurrent;
using System.Collections.Immutable;
using ActorVmm.Journal;
using ActorVmm.Journal.Recording;
using ActorVmm.Journal.Stores;
using Akka.Actor;
using Akka.Configuration;
using Akka.Event;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Akka.Persistence.Sql;
using Akka.Persistence.Sql.Config;
using Akka.Persistence.Sql.Db;
using Akka.Persistence.Sql.Journal.Dao;
using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.Util;
using LinqToDB;
using SqlRow = Akka.Persistence.Sql.Journal.Types.JournalRow;
using Envelope = ActorVmm.Journal.Envelope;

namespace ActorVmm.Akka.Recording;

/// <summary>
/// Akka.Persistence.Sql's journal, with two columns that it would make up by itself: <c>created</c> and <c>writer_uuid</c> are covered by a
/// row's checksum, so they are those that the event was sealed with. Tables, statements and batches are Akka.Persistence.Sql's,
/// and so are its settings.
/// <para>
/// What is replayed has proved itself, row by row and as a chain. Rows of other serializers are refused before any is read: Akka's own
/// would make objects of whatever type a row from a stranger names.
/// </para>
/// </summary>
public sealed class RunJournal : AsyncWriteJournal
{
    private readonly ConcurrentDictionary<string, Task> _latestWrites = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private readonly JournalConfig _settings;
    private readonly AkkaPersistenceDataConnectionFactory _connections;
    private readonly ActorMaterializer _materializer;
    private readonly ByteArrayJournalDao _rows;
    private readonly Lock _initializing = new();
    private Task? _tables;

    /// <param name="config">The plugin's section, as Akka.Persistence.Sql's, with <c>durability</c> besides.</param>
    public RunJournal(Config config)
    {
        Config whole = config.WithFallback(SqlPersistence.DefaultJournalConfiguration);
        JournalConfig settings = new(whole);
        _settings = settings.WithDataOptions(DatabaseOptions.Of(whole));
        _connections = new AkkaPersistenceDataConnectionFactory(_settings);
        _materializer = ActorMaterializer.Create(
            Context, ActorMaterializerSettings.Create(Context.System).WithDispatcher(_settings.MaterializerDispatcher), "run-journal");
        _rows = new ByteArrayJournalDao(
            Context.System.Scheduler.Advanced, _materializer, _connections, _settings, Context.System.Serialization, Context.GetLogger(), JournalWriter.WriterId, _closing.Token);
    }

    public override async Task ReplayMessagesAsync(
        IActorContext context, string persistenceId, long fromSequenceNr, long toSequenceNr, long max, Action<IPersistentRepresentation> recoveryCallback)
    {
        await Tables();
        await RefuseOtherSerializers(persistenceId);
        RowChain chain = new(persistenceId, Math.Max(1, fromSequenceNr));
        await _rows.MessagesWithBatch(persistenceId, fromSequenceNr, toSequenceNr, _settings.DaoConfig.ReplayBatchSize, Option<(TimeSpan, IScheduler)>.None)
            .Take(max)
            .RunForeach(row => recoveryCallback(chain.Next(row.Get().Representation)), _materializer);
    }

    public override async Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr)
    {
        await Tables();
        if (_latestWrites.TryGetValue(persistenceId, out Task? latest))
        {
            // Whether it succeeds is its writer's affair; here it only has to be over.
            await latest.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return await _rows.HighestSequenceNr(persistenceId, fromSequenceNr);
    }

    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(IEnumerable<AtomicWrite> messages)
    {
        AtomicWrite[] writes = [.. messages.Select(AsSealed)];
        Task<IImmutableList<Exception>> written = Write(writes);
        _latestWrites[writes[0].PersistenceId] = written;
        return await written;
    }

    protected override async Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr)
    {
        await Tables();
        await _rows.Delete(persistenceId, toSequenceNr);
    }

    protected override void PostStop()
    {
        base.PostStop();
        _closing.Cancel();
        _materializer.Dispose();
        _closing.Dispose();
    }

    /// <summary>A row's columns are those of the event, for its checksum covers them.</summary>
    private static AtomicWrite AsSealed(AtomicWrite write) =>
        new(((IEnumerable<IPersistentRepresentation>)write.Payload).Select(AsSealed).ToImmutableList());

    private static IPersistentRepresentation AsSealed(IPersistentRepresentation one)
    {
        if ((one.Payload is Tagged tagged ? tagged.Payload : one.Payload) is not RunEvent { Row: var row })
        {
            // The serializer says what is wrong with it.
            return one;
        }

        bool belongs = row.Sequence == one.SequenceNr && string.Equals(row.Stream, one.PersistenceId, StringComparison.Ordinal) && string.Equals(row.Writer, JournalWriter.WriterId, StringComparison.Ordinal);
        return belongs
            ? one.WithTimestamp(row.Created)
            : throw new InvalidOperationException(
                FormattableString.Invariant($"an event that was sealed as {row.Stream}, row {row.Sequence}, cannot be {one.PersistenceId}, row {one.SequenceNr}"));
    }

    private async Task<IImmutableList<Exception>> Write(AtomicWrite[] writes)
    {
        await Tables();
        return await _rows.AsyncWriteMessages(writes);
    }

    /// <summary>Once they are there nobody asks again; a database that could not be reached is tried again with the next call.</summary>
    private Task Tables()
    {
        if (!_settings.AutoInitialize)
        {
            return Task.CompletedTask;
        }

        // Recovery comes here on whatever thread its last query ended.
        lock (_initializing)
        {
            return _tables is { IsFaulted: false, IsCanceled: false } ? _tables : _tables = _rows.InitializeTables(_closing.Token);
        }
    }

    private async Task RefuseOtherSerializers(string stream)
    {
        await using AkkaDataConnection connection = _connections.GetConnection();
        SqlRow? other = await connection.GetTable<SqlRow>()
#pragma warning disable MA0006 // This becomes SQL.
            .Where(row => row.PersistenceId == stream && (row.Identifier == null || row.Identifier != Envelope.Serializer))
#pragma warning restore MA0006
            .OrderBy(row => row.SequenceNumber)
            .FirstOrDefaultAsync(_closing.Token);
        if (other is not null)
        {
            throw new DamagedJournalException(
                stream, other.SequenceNumber,
                FormattableString.Invariant($"{stream}, row {other.SequenceNumber}: serializer {other.Identifier?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} wrote it, and events of a run are written by {Envelope.Serializer}"));
        }
    }
}
