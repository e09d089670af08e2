using ActorVmm.Kernel.PagingFiles;

namespace ActorVmm.Kernel.SystemSpaces;

/// <summary>System PTEs that drivers have pages mapped with: one bit each, handed out in runs.</summary>
internal sealed class SystemPtes : IEncodable
{
    private readonly SlotBitmap _bitmap = new(0);
    private uint _peak;
    private ulong _refused;

    /// <summary>Pages mapped now.</summary>
    public uint Used => _bitmap.Used;

    /// <summary>The most pages that were ever mapped at once.</summary>
    public uint Peak => _peak;

    /// <summary>Requests that found no room.</summary>
    public ulong Refused => _refused;

    /// <summary>Makes so many, none of them in use.</summary>
    public void Provide(uint pages) => _bitmap.Grow(pages + 1);

    /// <summary>Takes adjacent ones; the number of the first, from 1, or 0 when there is no such run.</summary>
    public uint Take(uint pages)
    {
        (uint first, uint count) = _bitmap.Take(pages);
        if (count < pages)
        {
            Release(first, count);
            _refused++;
            return 0;
        }

        _peak = Math.Max(_peak, _bitmap.Used);
        return first;
    }

    public void Release(uint first, uint count)
    {
        for (uint page = first; page < first + count; page++)
        {
            _bitmap.Release(page);
        }
    }

    public void Encode(StateCodec codec)
    {
        codec.Group("bitmap", _bitmap);
        codec.Field("peak", ref _peak);
        codec.Field("refused", ref _refused);
    }
}
