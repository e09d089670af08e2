using System.Buffers.Binary;

namespace ActorVmm.Runtime.Parallel;

/// <summary>
/// All that is needed to do a parallel run again, exactly: for each core at which turns it took in which batches, what time it
/// set, and what it chose; and what came from outside. Immutable. A <see cref="ReplayHost"/> runs it.
/// <para>
/// The record of a run is the <see cref="Join"/> of what <see cref="ParallelHost.TakeRecord"/> gave, in order, from the first.
/// </para>
/// </summary>
public sealed class ParallelRecord : IParallelRecording
{
    /// <summary>The version of the encoding that this program writes, and the only one that it reads.</summary>
    public const int FormatVersion = 1;

    /// <summary>"AVPR".</summary>
    private const int Magic = 0x5250_5641;

    private readonly RecordedRun[] _runs;

    internal ParallelRecord(int cores, RecordedRun[] runs)
    {
        Cores = cores;
        _runs = runs;
        Deliveries = runs.Sum(run => run.Turns);
    }

    /// <summary>Cores of the host that recorded it.</summary>
    public int Cores { get; }

    /// <summary>Turns in it.</summary>
    public long Deliveries { get; }

    /// <summary>Whether nothing had happened since the piece before.</summary>
    public bool IsEmpty => _runs.Length == 0;

    /// <summary>Bytes that the hot path wrote, witnesses (one a turn) included.</summary>
    public long Bytes => _runs.Sum(run => run.Cores.Sum(core => (long)core.Steps.Length + core.Rare.Length + core.Witness.Length));

    internal ReadOnlySpan<RecordedRun> Runs => _runs;

    /// <inheritdoc/>
    public IEnumerable<ParallelPiece> From(long delivery) => delivery <= Deliveries ? [new ParallelPiece(0, this)] : [];

    /// <summary>Puts pieces of one run together again.</summary>
    public static ParallelRecord Join(IEnumerable<ParallelRecord> pieces)
    {
        ParallelRecord[] all = [.. pieces];
        if (all.Length == 0 || all.Any(piece => piece.Cores != all[0].Cores))
        {
            throw new ArgumentException("the pieces of a record are of one run, and there is one at least", nameof(pieces));
        }

        return new ParallelRecord(all[0].Cores, [.. all.SelectMany(piece => piece._runs)]);
    }

    /// <summary>The record as bytes, the same on every system. Sealed with a hash of everything before it.</summary>
    public byte[] Encode() => Encode(out _);

    /// <summary>The same, for those who compress it.</summary>
    /// <param name="structure">How many of the first bytes repeat themselves; the rest are witnesses, which do not.</param>
    public byte[] Encode(out int structure)
    {
        ByteLog log = new();
        log.Number(Magic);
        log.Number(FormatVersion);
        log.Number(Cores);
        log.Number(_runs.Length);
        foreach (RecordedRun run in _runs)
        {
            run.Write(log);
        }

        structure = log.Length;
        foreach (RecordedRun run in _runs)
        {
            foreach (CoreRecord core in run.Cores)
            {
                log.Bytes(core.Witness);
            }
        }

        Span<byte> seal = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(seal, Seal(log.Written));
        log.Bytes(seal);
        return log.Written.ToArray();
    }

    /// <exception cref="FormatException">The bytes are no record, are damaged, or of another version.</exception>
    public static ParallelRecord Decode(ReadOnlySpan<byte> bytes)
    {
        ByteReader reader = new(bytes.ToArray());
        if (reader.Number() != Magic)
        {
            throw new FormatException("these bytes are no record of a parallel run");
        }

        long version = reader.Number();
        if (version != FormatVersion)
        {
            throw new FormatException(FormattableString.Invariant($"the record is of version {version}; this program reads version {FormatVersion}"));
        }

        int cores = reader.Int(ParallelHostOptions.MostWorkers);
        RecordedRun[] runs = new RecordedRun[reader.Int(bytes.Length)];
        int witnesses = bytes.Length;
        for (int i = 0; i < runs.Length; i++)
        {
            runs[i] = RecordedRun.Read(ref reader, cores, ref witnesses);
        }

        foreach (RecordedRun run in runs)
        {
            run.ReadWitnesses(ref reader);
        }

        int end = reader.At;
        if (reader.Remaining != sizeof(ulong) || BinaryPrimitives.ReadUInt64LittleEndian(bytes[end..]) != Seal(bytes[..end]))
        {
            throw new FormatException("the record is damaged: its seal does not fit");
        }

        return new ParallelRecord(cores, runs);
    }

    private static ulong Seal(ReadOnlySpan<byte> bytes)
    {
        ulong seal = (ulong)bytes.Length;
        while (bytes.Length >= sizeof(ulong))
        {
            seal = Mix.Fold(seal, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte next in bytes)
        {
            seal = Mix.Fold(seal, next);
        }

        return seal;
    }
}

/// <summary>One call of <see cref="IHost.Run"/>: what came from outside before it, then what each core did.</summary>
internal sealed record RecordedRun(ExternalInput[] Inputs, CoreRecord[] Cores, long Turns, long EndsAt)
{
    /// <summary>Everything but the witnesses themselves.</summary>
    public void Write(ByteLog log)
    {
        log.Number(Inputs.Length);
        foreach (ExternalInput input in Inputs)
        {
            input.Write(log);
        }

        log.Number(Turns);
        log.Number(EndsAt);
        foreach (CoreRecord core in Cores)
        {
            foreach (byte[] part in (ReadOnlySpan<byte[]>)[core.Steps, core.Rare])
            {
                log.Number(part.Length);
                log.Bytes(part);
            }

            log.Number(core.Witness.Length);
        }
    }

    /// <summary>Turns in the steps that ended before one.</summary>
    public long TurnsBefore(long ticket)
    {
        long turns = 0;
        foreach (CoreRecord core in Cores)
        {
            ByteReader steps = new(core.Steps);
            for (RecordedStep step = new(Cores.Length); !steps.AtEnd && step.Ticket < ticket;)
            {
                step.Read(ref steps);
                turns += step.Ticket < ticket ? step.Turns : 0;
            }
        }

        return turns;
    }

    /// <param name="witnesses">Bytes that witnesses of this run and of later ones can have at most.</param>
    public static RecordedRun Read(ref ByteReader reader, int cores, ref int witnesses)
    {
        ExternalInput[] inputs = new ExternalInput[reader.Int(reader.Remaining)];
        for (int i = 0; i < inputs.Length; i++)
        {
            inputs[i] = ExternalInput.Read(ref reader, cores);
        }

        long turns = reader.Number();
        long endsAt = reader.Number();
        CoreRecord[] records = new CoreRecord[cores];
        for (int i = 0; i < cores; i++)
        {
            records[i] = new CoreRecord(reader.Bytes(reader.Int()), reader.Bytes(reader.Int()), new byte[reader.Int(witnesses)]);
            witnesses -= records[i].Witness.Length;
        }

        return new RecordedRun(inputs, records, turns, endsAt);
    }

    /// <summary>Fills in what <see cref="Read"/> has only made room for.</summary>
    public void ReadWitnesses(ref ByteReader reader)
    {
        foreach (CoreRecord core in Cores)
        {
            reader.Fill(core.Witness);
        }
    }
}

/// <summary>What one core did in one run.</summary>
/// <param name="Steps">Its steps, see <see cref="RecordedStep"/>.</param>
/// <param name="Rare">In the order in which it needed them: starts of blocks of ids, homes of children, answers.</param>
/// <param name="Witness">After each turn, the lowest byte of its actor's chain.</param>
internal readonly record struct CoreRecord(byte[] Steps, byte[] Rare, byte[] Witness);

/// <summary>What a kind of <see cref="ExternalInput"/> is.</summary>
internal enum ExternalKind : byte
{
    Created,
    Injected,
    Moved,
}

/// <summary>Something that came from outside between two runs.</summary>
internal readonly struct ExternalInput(ExternalKind kind, ActorId actor, int home, Message said)
{
    public readonly ExternalKind Kind = kind;
    public readonly ActorId Actor = actor;

    /// <summary>The core on which the actor begins its life, or goes on.</summary>
    public readonly int Home = home;

    /// <summary>The message that was injected.</summary>
    public readonly Message Said = said;

    public void Write(ByteLog log)
    {
        log.Byte((byte)Kind);
        log.Number(Actor.Value);
        if (Kind != ExternalKind.Injected)
        {
            log.Number(Home);
            return;
        }

        log.Number(Said.Kind);
        log.Bytes(Message.BodyOf(in Said));
    }

    public static ExternalInput Read(ref ByteReader reader, int cores)
    {
        ExternalKind kind = (ExternalKind)reader.Byte();
        ActorId actor = new(reader.Int());
        return kind switch
        {
            ExternalKind.Created or ExternalKind.Moved => new ExternalInput(kind, actor, reader.Int(cores - 1), default),
            ExternalKind.Injected => new ExternalInput(kind, actor, 0, Message.Restore(reader.Int(), reader.Bytes(Message.BodySize))),
            _ => throw new FormatException(FormattableString.Invariant($"the record holds an external input of the unknown kind {(int)kind}")),
        };
    }
}
