namespace ActorVmm.Journal;

/// <summary>
/// A journal cannot be used, or no longer. The kinds are what a caller acts on; each has an exit code in interfaces.md.
/// </summary>
public abstract class JournalException(string message, Exception? cause = null) : Exception(message, cause);

/// <summary>
/// The file or database is not a journal: another program's, or one that somebody has added a view, a trigger or a table to.
/// It was left as it was. Exit code 3.
/// </summary>
public sealed class ForeignJournalException(string message, Exception? cause = null) : JournalException(message, cause);

/// <summary>Bytes are not what was written: a broken chain, a hole, a row that cannot be read. Exit code 5.</summary>
public sealed class DamagedJournalException(string stream, long row, string message, Exception? cause = null)
    : JournalException(message, cause)
{
    /// <summary>The stream that the row belongs to; "" when the damage is not in a row.</summary>
    public string Stream { get; } = stream;

    /// <summary>The sequence number of the first row that is damaged or missing; 0 when the damage is not in a row.</summary>
    public long Row { get; } = row;

    internal static DamagedJournalException Of(string stream, long row, string what, Exception? cause = null) =>
        new(stream, row, FormattableString.Invariant($"{stream}, row {row}: {what}"), cause);
}

/// <summary>A run is not what its journal says, so it cannot go on from there. Exit code 5.</summary>
/// <param name="stream">The run's stream.</param>
/// <param name="divergence">The first place.</param>
/// <param name="recordedBy">Which program wrote the journal, where that may be the reason; "" otherwise.</param>
public sealed class RunDivergedException(string stream, Divergence divergence, string recordedBy = "")
    : JournalException($"{stream} differs at {divergence}{(recordedBy.Length > 0 ? $" (recorded by {recordedBy})" : "")}")
{
    /// <summary>The first place.</summary>
    public Divergence Divergence { get; } = divergence;
}

/// <summary>It was written by a version that knows more than this one. It was left as it was. Exit code 6.</summary>
public sealed class NewerJournalException(string what, int found, int known)
    : JournalException(FormattableString.Invariant($"{what} has version {found}, and this program knows version {known}: it was made by a newer one"))
{
    public int Found { get; } = found;

    /// <summary>The newest version that this program knows; 0 when it knows none.</summary>
    public int Known { get; } = known;
}

/// <summary>The storage failed, is full, is read-only, or another writer holds it. Exit code 7.</summary>
public sealed class JournalStorageException(string message, Exception? cause = null) : JournalException(message, cause);

/// <summary>There is no such run. Exit code 4.</summary>
public sealed class NoSuchRunException(string message) : JournalException(message);
