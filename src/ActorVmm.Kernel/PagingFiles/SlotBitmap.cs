using System.Numerics;

namespace ActorVmm.Kernel.PagingFiles;

/// <summary>
/// Which pages of a paging file are in use: one bit each (fact book §21). Page 0, the header, is never handed out. Runs are looked
/// for from where the last one ended (next fit), so that pages written together lie together. Pages that were never reached take
/// no memory.
/// </summary>
internal sealed class SlotBitmap : IEncodable
{
    private const int WordBits = 64;

    private ulong[] _words = new ulong[4];
    private int _wordCount;
    private uint _pages;
    private uint _used;
    private uint _hint = 1;

    public SlotBitmap(uint pages) => _pages = pages;

    /// <summary>Pages of the file, the header included.</summary>
    public uint Pages => _pages;

    public uint Used => _used;

    public uint Free => Math.Max(_pages, 1) - 1 - _used;

    public bool IsUsed(uint page) => page / WordBits < (uint)_wordCount && ((_words[page / WordBits] >> (int)(page % WordBits)) & 1) != 0;

    /// <summary>Adds pages at the end.</summary>
    public void Grow(uint pages) => _pages += pages;

    /// <summary>
    /// Takes <paramref name="wanted"/> adjacent pages, or as many as the longest free run has when there is no such run.
    /// </summary>
    /// <returns>The first page and how many; 0 pages when the file is full.</returns>
    public (uint First, uint Count) Take(uint wanted)
    {
        (uint First, uint Count) run = FindRun(Math.Min(wanted, Free));
        for (uint page = run.First; page < run.First + run.Count; page++)
        {
            Set(page);
        }

        _used += run.Count;
        _hint = run.Count == 0 ? _hint : run.First + run.Count;
        return run;
    }

    /// <summary>Gives one page back.</summary>
    public void Release(uint page)
    {
        Invariant.Holds(IsUsed(page), "a paging-file slot is freed only while it is in use");
        _words[page / WordBits] &= ~(1UL << (int)(page % WordBits));
        _used--;
    }

    public void Encode(StateCodec codec)
    {
        codec.Values("words", ref _words, ref _wordCount);
        codec.Field("pages", ref _pages);
        codec.Field("used", ref _used);
        codec.Field("hint", ref _hint);
        if (codec.Restoring)
        {
            Array.Clear(_words, _wordCount, _words.Length - _wordCount);
        }
    }

    private (uint First, uint Count) FindRun(uint wanted)
    {
        (uint First, uint Count) best = default;
        if (wanted == 0 || Search(_hint, _pages, wanted, ref best))
        {
            return best;
        }

        // Once more from the start, far enough to see a run that lies across the hint.
        ulong end = Math.Min((ulong)_hint + wanted - 1, _pages);
        Search(1, (uint)end, wanted, ref best);
        return best;
    }

    /// <summary>Looks for a free run between two pages; <paramref name="best"/> becomes it, or the longest on the way.</summary>
    private bool Search(uint from, uint to, uint wanted, ref (uint First, uint Count) best)
    {
        uint first = Next(from, to, used: false);
        while (first < to && best.Count < wanted)
        {
            uint reach = Math.Min(to - first, wanted);
            uint count = Next(first, first + reach, used: true) - first;
            best = count > best.Count ? (first, count) : best;
            first = Next(first + count, to, used: false);
        }

        return best.Count == wanted;
    }

    /// <summary>The first page from <paramref name="from"/> on that is used or free as asked; <paramref name="to"/> when there is none before it.</summary>
    private uint Next(uint from, uint to, bool used)
    {
        while (from < to)
        {
            uint word = from / WordBits;
            if (word >= (uint)_wordCount)
            {
                return used ? to : from;
            }

            ulong bits = (used ? _words[word] : ~_words[word]) >> (int)(from % WordBits);
            if (bits != 0)
            {
                return Math.Min(to, from + (uint)BitOperations.TrailingZeroCount(bits));
            }

            uint left = WordBits - (from % WordBits);
            from = to - from <= left ? to : from + left;
        }

        return to;
    }

    private void Set(uint page)
    {
        int word = (int)(page / WordBits);
        if (word >= _words.Length)
        {
            Array.Resize(ref _words, Math.Max(word + 1, _words.Length * 2));
        }

        _wordCount = Math.Max(_wordCount, word + 1);
        _words[word] |= 1UL << (int)(page % WordBits);
    }
}
