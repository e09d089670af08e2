using System.Runtime.CompilerServices;

namespace ActorVmm.Specifications.Known;

/// <summary>
/// Ranges of pages that processes have, disjoint within a process: a short chain for each, all in one array. A process that has none costs a
/// look into a small table; nothing is allocated unless the array grows.
/// </summary>
internal sealed class PageRanges
{
    private const int Nobody = -1;

    private readonly FlatMap<int> _heads = new();
    private Row[] _rows = new Row[256];
    private int _used;
    private int _free = Nobody;

    public bool Contains(ActorId process, ulong page)
    {
        ref int head = ref _heads.Find(process.Value, 0);
        for (int at = Unsafe.IsNullRef(ref head) ? Nobody : head; at != Nobody; at = _rows[at].Next)
        {
            if (page >= _rows[at].First && page <= _rows[at].Last)
            {
                return true;
            }
        }

        return false;
    }

    /// <param name="process">Whose pages; none of them is in a range yet.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="last">The last of them.</param>
    public void Add(ActorId process, ulong first, ulong last)
    {
        int at = TakeRow();
        bool isFirst = !_heads.Contains(process.Value, 0);
        ref int head = ref _heads.Put(process.Value, 0);
        _rows[at] = new Row(first, last, isFirst ? Nobody : head);
        head = at;
    }

    /// <summary>Takes pages of a process out of its ranges.</summary>
    /// <returns>Whether one of them was in a range.</returns>
    public bool Remove(ActorId process, ulong first, ulong last)
    {
        ref int head = ref _heads.Find(process.Value, 0);
        if (Unsafe.IsNullRef(ref head))
        {
            return false;
        }

        bool found = false;
        int at = head;
        int kept = Nobody;
        while (at != Nobody)
        {
            Row row = _rows[at];
            int next = row.Next;
            if (row.Last < first || row.First > last)
            {
                _rows[at].Next = kept;
                kept = at;
            }
            else
            {
                found = true;
                GiveBack(at);
                kept = row.First < first ? Chain(row.First, first - 1, kept) : kept;
                kept = row.Last > last ? Chain(last + 1, row.Last, kept) : kept;
            }

            at = next;
        }

        head = kept;
        if (kept == Nobody)
        {
            _heads.Remove(process.Value, 0);
        }

        return found;
    }

    private int Chain(ulong first, ulong last, int next)
    {
        int at = TakeRow();
        _rows[at] = new Row(first, last, next);
        return at;
    }

    private int TakeRow()
    {
        if (_free != Nobody)
        {
            int at = _free;
            _free = _rows[at].Next;
            return at;
        }

        if (_used == _rows.Length)
        {
            Array.Resize(ref _rows, _used * 2);
        }

        return _used++;
    }

    private void GiveBack(int at)
    {
        _rows[at].Next = _free;
        _free = at;
    }

    private record struct Row(ulong First, ulong Last, int Next);
}
