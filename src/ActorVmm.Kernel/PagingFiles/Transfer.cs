using ActorVmm.Kernel.Inspection;

namespace ActorVmm.Kernel.PagingFiles;

/// <summary>One read or write of adjacent slots, waiting in the device's queue or under way.</summary>
internal struct Transfer : IEncodable
{
    /// <summary>The first slot's page.</summary>
    public uint First;

    public int Count;

    /// <summary>The frames, and for a write what they held when they were handed over.</summary>
    public MdlId Mdl;

    /// <summary>Who is answered.</summary>
    public ActorId Asker;

    /// <summary>The in-page block of a read, given back with the answer.</summary>
    public int Block;

    public bool IsWrite;

    /// <summary>Decided when the transfer starts.</summary>
    public NtStatus Status;

    /// <summary>The next transfer of the queue, or the next unused row.</summary>
    public int Next;

    public void Encode(StateCodec codec)
    {
        codec.Field("first", ref First);
        codec.Field("count", ref Count);
        codec.Field("mdl", ref Mdl);
        codec.Field("asker", ref Asker);
        codec.Field("block", ref Block);
        codec.Field("write", ref IsWrite);
        codec.Field("status", ref Status);
        codec.Field("next", ref Next);
    }
}

/// <summary>
/// The transfers of a device: rows of one table, linked as a queue of those that wait and a list of rows that are unused. What is
/// under way is in neither.
/// </summary>
internal sealed class TransferTable : IEncodable
{
    private const int None = -1;

    private Transfer[] _rows = new Transfer[4];
    private int _rowCount;
    private int _unused = None;
    private int _head = None;
    private int _tail = None;
    private int _waiting;

    /// <summary>How many transfers wait for the device.</summary>
    public int Waiting => _waiting;

    public ref Transfer this[int row]
    {
        get
        {
            Invariant.Holds((uint)row < (uint)_rowCount, "a transfer is named by its row");
            return ref _rows[row];
        }
    }

    /// <summary>Appends a transfer to the queue.</summary>
    public void Enqueue(in Transfer transfer)
    {
        int row = NewRow();
        _rows[row] = transfer;
        _rows[row].Next = None;
        if (_tail == None)
        {
            _head = row;
        }
        else
        {
            _rows[_tail].Next = row;
        }

        _tail = row;
        _waiting++;
    }

    /// <summary>Takes the transfer off the queue that has waited longest.</summary>
    public int Dequeue()
    {
        int row = _head;
        _head = _rows[row].Next;
        _tail = _head == None ? None : _tail;
        _rows[row].Next = None;
        _waiting--;
        return row;
    }

    /// <summary>Makes a row unused; its content is returned.</summary>
    public Transfer Remove(int row)
    {
        Transfer transfer = this[row];
        _rows[row] = new Transfer { Next = _unused };
        _unused = row;
        return transfer;
    }

    /// <summary>Every transfer, those that wait last and in their order, for a debugger.</summary>
    public IReadOnlyList<TransferView> Inspect()
    {
        var idle = new HashSet<int>();
        for (int row = _unused; row != None; row = _rows[row].Next)
        {
            idle.Add(row);
        }

        var queue = new List<int>();
        for (int row = _head; row != None; row = _rows[row].Next)
        {
            queue.Add(row);
        }

        IEnumerable<int> underWay = Enumerable.Range(0, _rowCount).Where(row => !idle.Contains(row) && !queue.Contains(row));
        return [.. underWay.Select(row => Inspect(row, underWay: true)), .. queue.Select(row => Inspect(row, underWay: false))];
    }

    public void Encode(StateCodec codec)
    {
        codec.Rows("transfers", ref _rows, ref _rowCount);
        codec.Field("unused", ref _unused);
        codec.Field("head", ref _head);
        codec.Field("tail", ref _tail);
        codec.Field("waiting", ref _waiting);
    }

    private TransferView Inspect(int row, bool underWay)
    {
        Transfer transfer = _rows[row];
        return new TransferView(new PagingFileSlot(0, transfer.First), transfer.Count, transfer.IsWrite, underWay, transfer.Asker, transfer.Mdl);
    }

    private int NewRow()
    {
        if (_unused != None)
        {
            int row = _unused;
            _unused = _rows[row].Next;
            return row;
        }

        if (_rowCount == _rows.Length)
        {
            Array.Resize(ref _rows, _rowCount * 2);
        }

        return _rowCount++;
    }
}
