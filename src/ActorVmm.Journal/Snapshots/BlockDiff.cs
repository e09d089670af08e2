using System.Runtime.InteropServices;
using ActorVmm.Journal.Bytes;

namespace ActorVmm.Journal.Snapshots;

/// <summary>
/// The difference of two states as copies from the older one and new bytes. Tables grow in the middle of a state and shift what
/// follows, so blocks are found wherever they have gone: blocks of the older state are indexed by their content, and the newer one
/// is searched at every byte.
/// <para>
/// Written: the newer state's length, then again and again how many new bytes, the bytes, how many copied ones, and from how far
/// beyond the end of the last copy.
/// </para>
/// </summary>
public static class BlockDiff
{
    private const int Block = 32;
    private const int Step = 16;
    private const int Patience = 256;

    public static void Write(ByteWriter into, ReadOnlySpan<byte> older, ReadOnlySpan<byte> newer)
    {
        ArgumentNullException.ThrowIfNull(into);
        int[] index = IndexOf(older);
        into.Number(newer.Length);
        int fresh = 0;
        int behind = 0;
        for (int at = 0; at < newer.Length;)
        {
            (int from, int length) = Match(older, newer, at, behind + at - fresh, index);
            if (length < Block)
            {
                // Where long nothing was found, the rest is probably new too: it is searched in longer and longer steps.
                at += 1 + ((at - fresh) / Patience);
                continue;
            }

            // The match may have begun before the block that found it.
            int back = 0;
            while (at - back > fresh && from - back > 0 && older[from - back - 1] == newer[at - back - 1])
            {
                back++;
            }

            Copy(into, newer[fresh..(at - back)], from - back - behind, length + back);
            at += length;
            (fresh, behind) = (at, from + length);
        }

        if (fresh < newer.Length)
        {
            Copy(into, newer[fresh..], 0, 0);
        }
    }

    /// <exception cref="FormatException">The difference does not fit the older state.</exception>
    public static byte[] Apply(ReadOnlySpan<byte> older, ReadOnlySpan<byte> difference, int most)
    {
        var reader = new ByteReader(difference);
        int length = reader.Int();
        if (length > most)
        {
            throw new FormatException(FormattableString.Invariant($"a state of {length} bytes"));
        }

        byte[] newer = new byte[length];
        int at = 0;
        long behind = 0;
        while (reader.Remaining > 0)
        {
            ReadOnlySpan<byte> fresh = reader.Block();
            int copied = reader.Int();
            behind += reader.Signed();
            if (fresh.Length > length - at || copied > length - at - fresh.Length || behind < 0 || behind > older.Length - copied)
            {
                throw new FormatException("a difference of other states");
            }

            fresh.CopyTo(newer.AsSpan(at));
            older.Slice((int)behind, copied).CopyTo(newer.AsSpan(at + fresh.Length));
            at += fresh.Length + copied;
            behind += copied;
        }

        return at == length ? newer : throw new FormatException(FormattableString.Invariant($"{at} of {length} bytes of a state"));
    }

    private static void Copy(ByteWriter into, ReadOnlySpan<byte> fresh, int step, int length)
    {
        into.Block(fresh);
        into.Number(length);
        into.Signed(step);
    }

    /// <summary>The longest known match at a place: where it would go on if nothing had moved, or where the index says.</summary>
    private static (int From, int Length) Match(ReadOnlySpan<byte> older, ReadOnlySpan<byte> newer, int at, int expected, int[] index)
    {
        if (newer.Length - at < Block)
        {
            return default;
        }

        if ((uint)expected < (uint)older.Length)
        {
            int straight = older[expected..].CommonPrefixLength(newer[at..]);
            if (straight >= Block)
            {
                return (expected, straight);
            }
        }

        int from = index[Slot(newer.Slice(at, Block), index.Length)] - 1;
        return from < 0 ? default : (from, older[from..].CommonPrefixLength(newer[at..]));
    }

    private static int[] IndexOf(ReadOnlySpan<byte> older)
    {
        int[] index = new int[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)(older.Length / Step * 2) + 16)];
        for (int at = 0; at + Block <= older.Length; at += Step)
        {
            index[Slot(older.Slice(at, Block), index.Length)] = at + 1;
        }

        return index;
    }

    private static int Slot(ReadOnlySpan<byte> block, int slots)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(block);
        ulong hash = Mix.Fold(Mix.Fold(words[0], words[1]), Mix.Fold(words[2], words[3]));
        return (int)(hash & (ulong)(uint)(slots - 1));
    }
}
