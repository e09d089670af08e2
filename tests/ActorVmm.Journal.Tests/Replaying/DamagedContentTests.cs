using System.Buffers.Binary;
using ActorVmm.Journal.Bytes;
using ActorVmm.Journal.Replaying;

namespace ActorVmm.Journal.Tests.Replaying;

/// <summary>
/// Content that no program of ours wrote, in rows whose checksums are right: replay refuses it, or says where it differs, or finds
/// that it makes no difference. It never fails in any other way.
/// </summary>
public sealed class DamagedContentTests : IDisposable
{
    private static readonly int _flips = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" ? 1_000 : 80;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void IsNamed(bool messages)
    {
        using IJournalStore good = JournalStores.OpenOrCreate(_folder["good.db"]);
        Village.Record(good, Written.Stream, messages);
        JournalRow[] rows = [.. good.Rows(Written.Stream)];
        int[] batches = [.. rows.Index().Where(row => row.Item.Manifest is DeliveryBatch.Word or BoundaryBatch.Word).Select(row => row.Index)];
        var random = new Random(77);
        int found = 0;
        for (int i = 0; i < _flips; i++)
        {
            int row = batches[random.Next(batches.Length)];
            using IJournalStore bad = JournalStores.OpenOrCreate(_folder[FormattableString.Invariant($"{i}.db")]);
            Write(bad, rows, row, Flipped(rows[row].Manifest, Envelope.Open(rows[row]), random));
            foreach (int threads in (int[])[1, 2])
            {
                found += Replays(bad, threads) ? 0 : 1;
            }
        }

        found.ShouldBeGreaterThan(_flips);
    }

    private static bool Replays(IJournalStore store, int threads)
    {
        try
        {
            using Replayer replayer = Replayer.Of(new JournalReader(store).Open("latest"), Village.Machine, threads);
            ReplayResult result = replayer.Run();
            result.Divergence?.Words.ShouldNotBeEmpty();
            return result.Verified;
        }
        catch (JournalException error)
        {
            error.Message.ShouldContain(Written.Stream);
            return false;
        }
    }

    /// <summary>The rows with another body in one of them, all sealed anew.</summary>
    private static void Write(IJournalStore store, JournalRow[] rows, int changed, byte[] body)
    {
        var resealed = new List<JournalRow>();
        byte[] before = Envelope.Beginning.ToArray();
        foreach ((int index, JournalRow row) in rows.Index())
        {
            resealed.Add(Envelope.Seal(row, before, index == changed ? body : Envelope.Open(row)));
            before = Envelope.ChecksumOf(resealed[^1]).ToArray();
        }

        using IJournalAppender appender = store.OpenWriter(Written.Stream, Durability.Relaxed);
        appender.Commit(resealed, []);
    }

    /// <summary>One bit is another, in what has been unpacked, so that it is packed as if it had been written so.</summary>
    private static byte[] Flipped(string manifest, ReadOnlySpan<byte> body, Random random)
    {
        var reader = new ByteReader(body);
        var writer = new ByteWriter();
        bool boundaries = manifest is BoundaryBatch.Word;
        for (int i = 0; i < (boundaries ? 3 : 2); i++)
        {
            writer.Number(reader.Number());
        }

        if (boundaries)
        {
            FlipRecord(ref reader, writer, random);
            return writer.ToArray();
        }

        var blocks = new List<byte[]>();
        while (reader.Remaining > 0)
        {
            blocks.Add(Compression.Read(ref reader, 1 << 26));
        }

        int[] filled = [.. blocks.Index().Where(block => block.Item.Length > 0).Select(block => block.Index)];
        int chosen = filled[random.Next(filled.Length)];
        blocks[chosen] = Flip(blocks[chosen], random);
        blocks.ForEach(block => Compression.Write(writer, block));
        return writer.ToArray();
    }

    private static byte[] Flip(byte[] bytes, Random random)
    {
        byte[] flipped = [.. bytes];
        flipped[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return flipped;
    }

    /// <summary>A record of a parallel run carries a seal of its own, as its last eight bytes.</summary>
    private static void FlipRecord(ref ByteReader from, ByteWriter into, Random random)
    {
        byte[] structure = Compression.Read(ref from, 1 << 26);
        byte[] content = Flip([.. structure, .. from.Block()[..^sizeof(ulong)]], random);
        byte[] seal = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(seal, Seal(content));
        Compression.Write(into, content.AsSpan(0, structure.Length));
        into.Block([.. content[structure.Length..], .. seal]);
    }

    private static ulong Seal(ReadOnlySpan<byte> bytes)
    {
        ulong seal = (ulong)bytes.Length;
        int whole = bytes.Length / sizeof(ulong) * sizeof(ulong);
        for (int at = 0; at < whole; at += sizeof(ulong))
        {
            seal = Mix.Fold(seal, BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]));
        }

        foreach (byte next in bytes[whole..])
        {
            seal = Mix.Fold(seal, next);
        }

        return seal;
    }
}
