namespace ActorVmm.Kernel.PagingFiles;

/// <summary>
/// The transfers of a device: rows of one table, linked as a queue of those that wait and a list of rows that are unused. What is
/// under way is in neither.
/// </summary>
internal sealed class TransferTable<T> : IEncodable
    where T : struct, IEncodable
{
    private const int None = -1;

    private T[] _rows = new T[4];

    // By row, the next transfer of the queue, or the next unused row.
    private int[] _next = new int[4];
    private int _rowCount;
    private int _unused = None;
    private int _head = None;
    private int _tail = None;
    private int _waiting;

    /// <summary>How many transfers wait for the device.</summary>
    public int Waiting => _waiting;

    public ref T this[int row]
    {
        get
        {
            Invariant.Holds((uint)row < (uint)_rowCount, "a transfer is named by its row");
            return ref _rows[row];
        }
    }

    /// <summary>Appends a transfer to the queue.</summary>
    public void Enqueue(in T transfer)
    {
        int row = NewRow();
        _rows[row] = transfer;
        _next[row] = None;
        if (_tail == None)
        {
            _head = row;
        }
        else
        {
            _next[_tail] = row;
        }

        _tail = row;
        _waiting++;
    }

    /// <summary>Takes the transfer off the queue that has waited longest.</summary>
    public int Dequeue()
    {
        int row = _head;
        _head = _next[row];
        _tail = _head == None ? None : _tail;
        _next[row] = None;
        _waiting--;
        return row;
    }

    /// <summary>Makes a row unused; its content is returned.</summary>
    public T Remove(int row)
    {
        T transfer = this[row];
        _rows[row] = default;
        _next[row] = _unused;
        _unused = row;
        return transfer;
    }

    /// <summary>Every transfer, those that wait last and in their order, for a debugger.</summary>
    public IReadOnlyList<(T Transfer, bool UnderWay)> Inspect()
    {
        var idle = new HashSet<int>();
        for (int row = _unused; row != None; row = _next[row])
        {
            idle.Add(row);
        }

        var queue = new List<int>();
        for (int row = _head; row != None; row = _next[row])
        {
            queue.Add(row);
        }

        IEnumerable<int> underWay = Enumerable.Range(0, _rowCount).Where(row => !idle.Contains(row) && !queue.Contains(row));
        return [.. underWay.Select(row => (_rows[row], true)), .. queue.Select(row => (_rows[row], false))];
    }

    public void Encode(StateCodec codec)
    {
        int rows = _rowCount;
        codec.Rows("transfers", ref _rows, ref rows);
        codec.Values("links", ref _next, ref _rowCount);
        codec.Field("unused", ref _unused);
        codec.Field("head", ref _head);
        codec.Field("tail", ref _tail);
        codec.Field("waiting", ref _waiting);
    }

    private int NewRow()
    {
        if (_unused != None)
        {
            int row = _unused;
            _unused = _next[row];
            return row;
        }

        if (_rowCount == Math.Min(_rows.Length, _next.Length))
        {
            int length = Math.Max(_rows.Length, _next.Length) * 2;
            Array.Resize(ref _rows, length);
            Array.Resize(ref _next, length);
        }

        return _rowCount++;
    }
}
