using ActorVmm.Journal;
using ActorVmm.Journal.Stores;
using Akka.Persistence;
using Envelope = ActorVmm.Journal.Envelope;

namespace ActorVmm.Akka.Recording;

/// <summary>Follows the chain of checksums through a stream that is replayed.</summary>
/// <param name="stream">The stream.</param>
/// <param name="first">The row it begins with, from 1.</param>
internal sealed class RowChain(string stream, long first)
{
    private byte[]? _before = first == 1 ? Envelope.Beginning.ToArray() : null;
    private long _next = first;

    /// <summary>A row as it was read, with all its columns, once it has proved to be what was written there.</summary>
    /// <exception cref="DamagedJournalException">It is not.</exception>
    /// <exception cref="NewerJournalException">A newer program wrote it.</exception>
    public IPersistentRepresentation Next(IPersistentRepresentation read)
    {
        RunEvent found = (RunEvent)read.Payload;
        JournalRow row = found.Row with { Stream = read.PersistenceId, Sequence = read.SequenceNr, Created = read.Timestamp, Writer = read.WriterGuid, Deleted = read.IsDeleted };
        if (row.Sequence != _next)
        {
            throw Damage("it is missing");
        }

        Envelope.Open(row);
        if (_before is not null && !Envelope.ChecksumBefore(row).SequenceEqual(_before))
        {
            throw Damage("it does not follow the row before it");
        }

        _before = Envelope.ChecksumOf(row).ToArray();
        _next++;
        return read.WithPayload(new RunEvent(row));
    }

    private DamagedJournalException Damage(string what) => new(stream, _next, FormattableString.Invariant($"{stream}, row {_next}: {what}"));
}
