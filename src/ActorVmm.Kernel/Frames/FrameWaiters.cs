using ActorVmm.Kernel.Inspection;

namespace ActorVmm.Kernel.Frames;

/// <summary>
/// Requests for frames that could not be served: first come, first served, so that nobody starves (R11).
/// </summary>
internal sealed class FrameWaiters : IEncodable
{
    private FrameRequest[] _requests = new FrameRequest[4];
    private int _first;
    private int _count;

    public int Count => _count;

    public ref readonly FrameRequest First => ref _requests[_first];

    public void Add(in FrameRequest request)
    {
        if (_first + _count == _requests.Length)
        {
            Compact();
        }

        _requests[_first + _count++] = request;
    }

    public void RemoveFirst()
    {
        _first++;
        _count--;
        if (_count == 0)
        {
            _first = 0;
        }
    }

    /// <summary>Appends what waits, oldest first.</summary>
    public void List(List<WaitingRequestView> into, bool forTransfer)
    {
        foreach (ref readonly FrameRequest request in _requests.AsSpan(_first, _count))
        {
            into.Add(new WaitingRequestView(request.Process, request.Needed, request.ReadCount, forTransfer));
        }
    }

    public void Encode(StateCodec codec)
    {
        if (!codec.Restoring)
        {
            Array.Copy(_requests, _first, _requests, 0, _count);
        }

        _first = 0;
        codec.Rows("requests", ref _requests, ref _count);
    }

    private void Compact()
    {
        FrameRequest[] target = _count * 2 > _requests.Length ? new FrameRequest[_requests.Length * 2] : _requests;
        Array.Copy(_requests, _first, target, 0, _count);
        _requests = target;
        _first = 0;
    }
}

/// <summary>
/// One request: for zeroed frames, or (<see cref="ReadCount"/> &gt; 0) for frames to read pages into, or (<see cref="RowOnly"/>) for nothing but
/// a row of the table of transfers, with its asker's number in <see cref="Block"/>.
/// </summary>
internal struct FrameRequest : IEncodable
{
    public ActorId Process;
    public int Needed;
    public int Wanted;
    public int Block;
    public Vpn First;
    public PagingFileSlot Slot;
    public Generation Generation;
    public byte ReadCount;
    public byte Fault;
    public byte Priority;
    public bool RowOnly;

    /// <summary>Whether it waits for a row first.</summary>
    public readonly bool NeedsRow => RowOnly || ReadCount > 0;

    public void Encode(StateCodec codec)
    {
        codec.Field("process", ref Process);
        codec.Field("needed", ref Needed);
        codec.Field("wanted", ref Wanted);
        codec.Field("block", ref Block);
        codec.Field("first", ref First);
        codec.Field("slot", ref Slot);
        codec.Field("generation", ref Generation);
        codec.Field("read count", ref ReadCount);
        codec.Field("fault", ref Fault);
        codec.Field("priority", ref Priority);
        codec.Field("row only", ref RowOnly);
    }
}
