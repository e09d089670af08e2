using ActorVmm.Journal.Events;
using ActorVmm.Journal.Stores;

namespace ActorVmm.Journal.Reading;

/// <summary>The runs of a journal.</summary>
public sealed class JournalReader(IJournalStore store)
{
    /// <summary>What the streams of runs begin with.</summary>
    public const string Prefix = "run/";

    /// <summary>The word for the run that began last.</summary>
    public const string Latest = "latest";

    /// <summary>The words for a run that has no end.</summary>
    public const string CutOff = "cut off";

    /// <summary>Runs kept by default.</summary>
    public const int KeptRuns = 20;

    /// <summary>Bytes kept by default: 2 GiB.</summary>
    public const long KeptBytes = 1L << 31;

    /// <summary>All runs, the one that began first first: ids sort so.</summary>
    public IReadOnlyList<StreamSummary> Runs() =>
        [.. store.Streams().OrderBy(run => run.Stream, StringComparer.Ordinal)];

    /// <summary>Opens a run by its id, by the beginning of it, or by <see cref="Latest"/>.</summary>
    /// <exception cref="NoSuchRunException">There is none, or more than one.</exception>
    public RecordedRun Open(string run)
    {
        ArgumentNullException.ThrowIfNull(run);
        IReadOnlyList<StreamSummary> runs = Runs();
        if (string.Equals(run, Latest, StringComparison.Ordinal))
        {
            return RecordedRun.Open(store, runs.Count > 0 ? runs[^1].Stream : throw new NoSuchRunException($"{store.Name} holds no run"));
        }

        StreamSummary[] found = [.. runs.Where(candidate => run.Length > 0 && candidate.Stream.StartsWith(Prefix + run, StringComparison.OrdinalIgnoreCase))];
        return found switch
        {
            [var one] => RecordedRun.Open(store, one.Stream),
            [] => throw new NoSuchRunException($"{store.Name} holds no run {run}"),
            _ => throw new NoSuchRunException($"{store.Name} holds {found.Length} runs whose ids begin with {run}"),
        };
    }

    /// <summary>How a run ended, in a word or two: the end's own, or that it was cut off, or why that cannot be told.</summary>
    public string EndOf(string stream)
    {
        try
        {
            JournalRow? last = store.Last(stream);
            return last is { Manifest: RunEnded.Word } ? ((RunEnded)RecordedRun.Decode(last, null)).End : CutOff;
        }
        catch (DamagedJournalException)
        {
            return "damaged";
        }
        catch (NewerJournalException)
        {
            return "written by a newer version";
        }
    }

    /// <summary>Removes what is older than the latest runs that are kept. Pinned runs stay, and do not count.</summary>
    /// <param name="keepRuns">How many runs stay at most.</param>
    /// <param name="keepBytes">How many bytes they may have together; the latest run stays whatever its size.</param>
    /// <returns>What was removed.</returns>
    public IReadOnlyList<StreamSummary> Prune(int keepRuns = KeptRuns, long keepBytes = KeptBytes)
    {
        var removed = new List<StreamSummary>();
        int runs = 0;
        long bytes = 0;
        foreach (StreamSummary run in Runs().Reverse().Where(run => !run.Pinned))
        {
            runs++;
            bytes += run.Bytes;
            if (runs > keepRuns || (bytes > keepBytes && runs > 1))
            {
                store.Delete(run.Stream);
                removed.Add(run);
            }
        }

        return removed;
    }

    /// <summary>Writes one run into a file of its own, which opens on any computer.</summary>
    /// <param name="run">The run.</param>
    /// <param name="path">A file that does not exist yet.</param>
    /// <exception cref="JournalStorageException">It exists, or cannot be written.</exception>
    public void Export(RecordedRun run, string path)
    {
        ArgumentNullException.ThrowIfNull(run);
        if (File.Exists(path))
        {
            throw new JournalStorageException($"{path} exists already");
        }

        // Under another name until it is whole: half a run is not to be taken for one.
        string partial = path + ".partial";
        File.Delete(partial);
        using (SqliteStore target = SqliteStore.Open(partial, create: true))
        {
            Copy(run.Stream, target);
            target.MakePortable();
        }

        File.Move(partial, path);
    }

    /// <summary>Takes a run over from another journal.</summary>
    /// <exception cref="JournalStorageException">A run of this id is here already.</exception>
    public static void Import(IJournalStore from, string stream, IJournalStore into)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(into);
        if (into.Last(stream) is not null)
        {
            throw new JournalStorageException($"{into.Name} holds {stream} already");
        }

        new JournalReader(from).Copy(stream, into);
    }

    private void Copy(string stream, IJournalStore target)
    {
        using IJournalAppender appender = target.OpenWriter(stream, Durability.Full);
        foreach (JournalRow[] rows in store.Rows(stream).Chunk(64))
        {
            foreach (JournalRow row in rows)
            {
                // What is damaged is not passed on as if it were whole.
                Envelope.Open(row);
            }

            appender.Commit(rows, []);
        }

        foreach (SnapshotRow[] snapshots in store.Snapshots(stream).Chunk(8))
        {
            appender.Commit([], snapshots);
        }
    }
}
