namespace ActorVmm.Kernel.Devices;

/// <summary>The packets of one stack that are not in use. Those for paging I/O are kept apart, so that no program can take them.</summary>
internal sealed class PacketPool : IEncodable
{
    private readonly int _firstForPaging;
    private int[] _free;
    private int[] _freeForPaging;
    private int _count;
    private int _countForPaging;

    public PacketPool(DeviceStack stack)
    {
        _firstForPaging = stack.FirstPacket + stack.Packets;
        _free = [.. Enumerable.Range(stack.FirstPacket, stack.Packets).Reverse()];
        _freeForPaging = [.. Enumerable.Range(_firstForPaging, stack.PagingPackets).Reverse()];
        _count = stack.Packets;
        _countForPaging = stack.PagingPackets;
    }

    /// <summary>Packets in use.</summary>
    public int Used => _free.Length + _freeForPaging.Length - _count - _countForPaging;

    /// <summary>Takes a packet; <see cref="PacketId.None"/> when all are in use, which never happens to paging I/O.</summary>
    public PacketId Take(bool forPaging)
    {
        if (forPaging)
        {
            Invariant.Holds(_countForPaging > 0, "a packet is kept for every page transfer that can be under way");
            return new PacketId(_freeForPaging[--_countForPaging]);
        }

        return _count == 0 ? PacketId.None : new PacketId(_free[--_count]);
    }

    public void GiveBack(PacketId packet)
    {
        if (packet.Value >= _firstForPaging)
        {
            _freeForPaging[_countForPaging++] = packet.Value;
        }
        else
        {
            _free[_count++] = packet.Value;
        }
    }

    /// <summary>Whether a packet is in use, for a debugger.</summary>
    public bool IsUsed(PacketId packet) =>
        !_free.AsSpan(0, _count).Contains(packet.Value) && !_freeForPaging.AsSpan(0, _countForPaging).Contains(packet.Value);

    public void Encode(StateCodec codec)
    {
        codec.Values("free packets", ref _free, ref _count);
        codec.Values("free packets for paging", ref _freeForPaging, ref _countForPaging);
    }
}
