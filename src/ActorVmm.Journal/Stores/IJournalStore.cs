using ActorVmm.Journal.Campaigns;

namespace ActorVmm.Journal.Stores;

/// <summary>One row of the table <c>journal</c>, its place in the table apart.</summary>
/// <param name="Stream">persistence_id: <c>run/</c> and the run's id.</param>
/// <param name="Sequence">sequence_number, from 1 without holes.</param>
/// <param name="Created">UTC, ticks of 100 ns since year 1.</param>
/// <param name="Manifest">The event's word and version.</param>
/// <param name="Identifier">The serializer's number.</param>
/// <param name="Writer">writer_uuid: one value per writing process, 32 hexadecimal digits.</param>
/// <param name="Message">The bytes; see <see cref="Envelope"/>.</param>
public sealed record JournalRow(string Stream, long Sequence, long Created, string Manifest, int Identifier, string Writer, byte[] Message)
{
    /// <summary>Never by us; Akka marks rows so before it removes them.</summary>
    public bool Deleted { get; init; }
}

/// <summary>One row of the table <c>snapshot</c>.</summary>
/// <param name="Stream">The run's stream.</param>
/// <param name="Sequence">The row of the journal after which the state was this.</param>
/// <param name="Created">UTC, ticks of 100 ns since year 1.</param>
/// <param name="Manifest">How the bytes are to be read.</param>
/// <param name="Identifier">The serializer's number.</param>
/// <param name="Snapshot">The bytes.</param>
public sealed record SnapshotRow(string Stream, long Sequence, long Created, string Manifest, int Identifier, byte[] Snapshot);

/// <summary>A stream as a store lists it.</summary>
/// <param name="Stream">persistence_id.</param>
/// <param name="Rows">Rows that are there.</param>
/// <param name="Last">The highest sequence number.</param>
/// <param name="Bytes">Of all its rows and snapshots.</param>
/// <param name="Pinned">Whether it is kept whatever its age.</param>
public sealed record StreamSummary(string Stream, long Rows, long Last, long Bytes, bool Pinned);

/// <summary>When what was committed is safe.</summary>
public enum Durability
{
    /// <summary>Against a loss of power: every commit reaches the disk.</summary>
    Full,

    /// <summary>Against the end of this process, however it ends; a loss of power may take the latest commits.</summary>
    Relaxed,
}

/// <summary>
/// A database with the tables of Akka.Persistence.Sql's default mapping. Reading needs no lock and may go on while somebody writes.
/// All methods throw <see cref="JournalException"/>s and nothing else for what a store can meet.
/// </summary>
public interface IJournalStore : IDisposable
{
    /// <summary>Where it is, for people; without a password.</summary>
    string Name { get; }

    IReadOnlyList<StreamSummary> Streams();

    /// <summary>Rows of a stream in order, from a sequence number on.</summary>
    IEnumerable<JournalRow> Rows(string stream, long from = 1);

    /// <summary>Rows of a stream with these manifests, in order.</summary>
    IEnumerable<JournalRow> Rows(string stream, IReadOnlyCollection<string> manifests);

    /// <summary>The last row of a stream; null when there is none.</summary>
    JournalRow? Last(string stream);

    /// <summary>A row's manifest and the first bytes of its message, without the rest; null when the row is not there.</summary>
    (string Manifest, byte[] Start)? Head(string stream, long sequence, int length);

    /// <summary>Snapshots of a stream up to a sequence number, latest first.</summary>
    IEnumerable<SnapshotRow> Snapshots(string stream, long upTo = long.MaxValue);

    /// <summary>Behind which rows a stream's snapshots lie, in order, and how many bytes each has, without reading them.</summary>
    IReadOnlyList<(long Sequence, long Bytes)> SnapshotSizes(string stream);

    /// <summary>Removes a stream's snapshots; the run loses nothing by it.</summary>
    void DeleteSnapshots(string stream);

    /// <summary>What the database itself finds wrong with its structure, in sentences; usually nothing.</summary>
    IReadOnlyList<string> CheckStructure();

    /// <summary>Keys and serializers of all rows as they lie in the table, whatever an index says about them.</summary>
    IReadOnlyList<(string Stream, long Sequence, int Identifier)> ScanKeys();

    /// <summary>Begins to write a stream; nobody else writes it until the writer is disposed.</summary>
    /// <exception cref="JournalStorageException">Somebody else is writing.</exception>
    IJournalAppender OpenWriter(string stream, Durability durability);

    /// <summary>Opens the book of a campaign, and begins it when it is not there; others may have it open too.</summary>
    /// <param name="plan">The campaign.</param>
    /// <param name="clock">Says when it began.</param>
    ICampaignLedger OpenCampaign(CampaignPlan plan, TimeProvider clock);

    /// <summary>Removes a stream with its snapshots.</summary>
    void Delete(string stream);

    /// <summary>Marks a stream to be kept, or no longer.</summary>
    void Pin(string stream, bool pinned);
}

/// <summary>The only writer of a stream.</summary>
public interface IJournalAppender : IDisposable
{
    /// <summary>
    /// Writes rows in one transaction. When it returns they are as safe as was asked for. When it throws, whether they were written
    /// is unknown.
    /// </summary>
    void Commit(IReadOnlyList<JournalRow> rows, IReadOnlyList<SnapshotRow> snapshots);
}
