namespace ActorVmm.Kernel.SystemSpaces;

/// <summary>
/// The directory of section names (names travel as numbers), and where the next based section goes: from the top of the smallest user space
/// downwards, one granule after the other, so that it can be mapped there in every process.
/// </summary>
internal sealed class SectionDirectory : IEncodable
{
    private Entry[] _entries = [];
    private int _count;
    private ulong _basedEnd;
    private uint _made;

    /// <param name="basedEnd">The address above the highest based section.</param>
    public SectionDirectory(ulong basedEnd) => _basedEnd = basedEnd;

    /// <summary>The number of the next section backed by paging files.</summary>
    public uint NextSerial() => Sections.ISectionFactory.OfSystem(_made++);

    /// <summary>Where a based section of so many bytes is mapped; 0 when there is no room.</summary>
    public ulong PlaceBased(ulong bytes)
    {
        ulong room = _basedEnd - VirtualAddress.LowestUser.Value;
        ulong length = (bytes + PageSize.GranularityBytes - 1) & ~(PageSize.GranularityBytes - 1UL);
        if (bytes > room || length > room)
        {
            return 0;
        }

        _basedEnd -= length;
        return _basedEnd;
    }

    /// <summary>Finds a name for somebody who will open it.</summary>
    public bool TryOpen(uint name, out ActorId section, out int place)
    {
        int at = Find(name);
        section = at < 0 ? ActorId.Outside : _entries[at].Section;
        place = at < 0 ? 0 : _entries[at].Object;
        if (at >= 0)
        {
            _entries[at].Opens++;
        }

        return at >= 0;
    }

    /// <summary>Enters a name that is free.</summary>
    public void Insert(uint name, ActorId section, int place)
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, Math.Max(4, _count * 2));
        }

        _entries[_count++] = new Entry { Name = name, Section = section, Object = place };
    }

    /// <summary>Frees the name of an object, if it has it; returns how many have opened the object by it.</summary>
    public uint Remove(uint name, ActorId section, int place)
    {
        int at = Find(name);
        if (at < 0 || _entries[at].Section != section || _entries[at].Object != place)
        {
            return 0;
        }

        uint opens = _entries[at].Opens;
        _entries[at] = _entries[--_count];
        return opens;
    }

    public void Encode(StateCodec codec)
    {
        codec.Rows("names", ref _entries, ref _count);
        codec.Field("based end", ref _basedEnd);
        codec.Field("sections made", ref _made);
    }

    private int Find(uint name)
    {
        for (int at = 0; at < _count; at++)
        {
            if (_entries[at].Name == name)
            {
                return at;
            }
        }

        return -1;
    }

    private struct Entry : IEncodable
    {
        public uint Name;
        public ActorId Section;
        public int Object;
        public uint Opens;

        public void Encode(StateCodec codec)
        {
            codec.Field("name", ref Name);
            codec.Field("section", ref Section);
            codec.Field("object", ref Object);
            codec.Field("opens", ref Opens);
        }
    }
}
