using System.Security.Cryptography;
using ActorVmm.Journal.Bytes;
using ActorVmm.Journal.Stores;

namespace ActorVmm.Journal.Snapshots;

/// <summary>
/// Snapshots as rows: the first of a run, and every <see cref="Family"/>th after, is complete; the others are what changed since the
/// complete one before, so that opening one reads two rows at most. A row carries the delivery and a checksum over its columns and
/// its bytes; a damaged snapshot costs time, not truth, for an earlier one or the beginning of the run does as well.
/// </summary>
public sealed class SnapshotEncoder
{
    public const string Word = "snapshot/1";

    /// <summary>Snapshots that share one complete one.</summary>
    public const int Family = 16;

    internal const int MostBytes = 1 << 30;

    private readonly ByteWriter _bytes = new(1 << 12);
    private readonly ByteWriter _difference = new(1 << 12);
    private byte[] _complete = [];
    private long _completeRow;
    private int _sinceComplete;

    public SnapshotRow Encode(MachineStateTaken state, string stream, long row, long created)
    {
        ArgumentNullException.ThrowIfNull(state);
        bool complete = _completeRow == 0 || _sinceComplete >= Family - 1;
        if (!complete)
        {
            _sinceComplete++;
            _difference.Clear();
            BlockDiff.Write(_difference, _complete, state.State.Span);

            // Where nearly everything has changed, a difference saves nothing and costs a second row to be read.
            complete = _difference.Length > state.State.Length / 2;
        }

        if (complete)
        {
            (_complete, _completeRow, _sinceComplete) = (state.State.ToArray(), row, 0);
        }

        _bytes.Clear();
        _bytes.Number(state.Delivery);
        _bytes.Number(complete ? 0 : _completeRow);
        Compression.Write(_bytes, state.Cast.Span);
        Compression.Write(_bytes, complete ? state.State.Span : _difference.Written);
        byte[] bytes = [.. Checksum(stream, row, created, _bytes.Written), .. _bytes.Written];
        return new SnapshotRow(stream, row, created, Word, Envelope.Serializer, bytes);
    }

    /// <summary>Opens a snapshot.</summary>
    /// <param name="row">Its row.</param>
    /// <param name="complete">Finds the complete one that it builds on.</param>
    /// <exception cref="DamagedJournalException">It is not what was written.</exception>
    /// <exception cref="NewerJournalException">A later version wrote it.</exception>
    public static MachineStateTaken Decode(SnapshotRow row, Func<long, SnapshotRow?> complete)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(complete);
        if (row.Manifest is not Word)
        {
            throw new NewerJournalException($"the snapshot {row.Stream}, row {row.Sequence}: \"{row.Manifest}\"", 2, 1);
        }

        if (row.Snapshot.Length < Envelope.ChecksumBytes
            || !Checksum(row.Stream, row.Sequence, row.Created, row.Snapshot.AsSpan(Envelope.ChecksumBytes)).SequenceEqual(row.Snapshot.AsSpan(0, Envelope.ChecksumBytes)))
        {
            throw DamagedJournalException.Of(row.Stream, row.Sequence, "the checksum of its snapshot is not that of its bytes");
        }

        try
        {
            var reader = new ByteReader(row.Snapshot.AsSpan(Envelope.ChecksumBytes));
            (long delivery, long based) = (reader.Long(), reader.Long());
            byte[] cast = Compression.Read(ref reader, MostBytes);
            byte[] state = Compression.Read(ref reader, MostBytes);
            reader.End();
            if (based != 0)
            {
                SnapshotRow whole = complete(based) ?? throw new FormatException(FormattableString.Invariant($"snapshot {based}, which it builds on, is not there"));
                state = BlockDiff.Apply(Decode(whole, _ => null).State.Span, state, MostBytes);
            }

            return new MachineStateTaken { Delivery = delivery, Cast = cast, State = state };
        }
        catch (FormatException error)
        {
            throw DamagedJournalException.Of(row.Stream, row.Sequence, $"its snapshot cannot be read: {error.Message}", error);
        }
    }

    private static ReadOnlySpan<byte> Checksum(string stream, long row, long created, ReadOnlySpan<byte> bytes)
    {
        var columns = new ByteWriter(bytes.Length + 128);
        columns.Text(stream);
        columns.Number(row);
        columns.Number(created);
        columns.Raw(bytes);
        return SHA256.HashData(columns.Written).AsSpan(0, Envelope.ChecksumBytes);
    }
}
