using System.Buffers.Binary;

namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// The bytes of those pages somebody has looked into, by the stamp of their contents. Bytes do not travel: the stamp does, through
/// frames, slots and back, and whatever stamp a frame is found to hold decides which bytes are read. A page whose stamp is lost or
/// mixed up therefore reads as something else, and a page of zeros reads as zeros.
/// </summary>
internal sealed class PageBytes : IEncodable
{
    private readonly SortedDictionary<ulong, byte[]> _pages = [];

    /// <summary>Reads up to eight bytes, little-endian, within one page.</summary>
    public ulong Read(ulong stamp, int offset, int width)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        if (_pages.TryGetValue(stamp, out byte[]? bytes))
        {
            bytes.AsSpan(offset, width).CopyTo(word);
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(word);
    }

    /// <summary>Writes up to eight bytes, little-endian, within one page, whose contents get a new stamp by that.</summary>
    public void Write(ulong oldStamp, ulong newStamp, int offset, int width, ulong value)
    {
        Move(oldStamp, newStamp);
        if (!_pages.TryGetValue(newStamp, out byte[]? bytes))
        {
            _pages[newStamp] = bytes = new byte[PageSize.Bytes];
        }

        Span<byte> word = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(word, value);
        word[..width].CopyTo(bytes.AsSpan(offset, width));
    }

    /// <summary>The page was stored to by somebody who did not say what: its bytes stay as they are, under a new stamp.</summary>
    public void Move(ulong oldStamp, ulong newStamp)
    {
        if (_pages.Remove(oldStamp, out byte[]? bytes))
        {
            _pages[newStamp] = bytes;
        }
    }

    /// <summary>The page is gone.</summary>
    public void Drop(ulong stamp) => _pages.Remove(stamp);

    public void Encode(StateCodec codec)
    {
        ulong[] stamps = [.. _pages.Keys];
        int count = stamps.Length;
        codec.Values("byte pages", ref stamps, ref count);
        for (int page = 0; page < count; page++)
        {
            if (!_pages.TryGetValue(stamps[page], out byte[]? bytes) || codec.Restoring)
            {
                bytes = new byte[PageSize.Bytes];
            }

            codec.Values("bytes", bytes);
            _pages[stamps[page]] = bytes;
        }

        if (codec.Restoring)
        {
            foreach (ulong stale in _pages.Keys.Except(stamps[..count]).ToArray())
            {
                _pages.Remove(stale);
            }
        }
    }
}
