using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>
/// The pages of a section that are on their way, one block each, and who waits for them. This is what a second process meets that faults on a
/// page being brought in: it waits for the same block, and there is exactly one I/O (R1).
/// </summary>
internal sealed class PrototypeBlocks : IEncodable
{
    private PrototypeBlock[] _blocks = [];
    private int _count;
    private PrototypeWait[] _waits = [];
    private int _waitCount;

    /// <summary>Blocks that are open.</summary>
    public int Open { get; private set; }

    /// <summary>One more than the highest place of a block.</summary>
    public int Count => _count;

    public int Waits => _waitCount;

    /// <summary>Pages for prototype PTEs that are charged and not there yet.</summary>
    public int Credits;

    public ref PrototypeBlock this[int block] => ref _blocks[block];

    public ref PrototypeWait Wait(int index) => ref _waits[index];

    /// <summary>The block of a page, or −1.</summary>
    public int Find(Vpn page)
    {
        for (int block = 0; block < _count && Open > 0; block++)
        {
            if (_blocks[block].Contains(page))
            {
                return block;
            }
        }

        return -1;
    }

    public int Add(Vpn page, PrototypePhase phase)
    {
        int place = 0;
        while (place < _count && _blocks[place].Phase != PrototypePhase.Closed)
        {
            place++;
        }

        if (place == _count)
        {
            if (_count == _blocks.Length)
            {
                Array.Resize(ref _blocks, Math.Max(2, _count * 2));
            }

            _count++;
        }

        Open++;
        _blocks[place] = new PrototypeBlock { Page = page, First = page, Count = 1, Phase = phase };
        return place;
    }

    public void Close(int block)
    {
        _blocks[block] = default;
        Open--;
    }

    public void AddWait(in PrototypeWait wait)
    {
        if (_waitCount == _waits.Length)
        {
            Array.Resize(ref _waits, Math.Max(2, _waitCount * 2));
        }

        _waits[_waitCount++] = wait;
    }

    /// <summary>Whether a page whose prototype PTE is in this table is on its way, or the table is.</summary>
    public bool Needs(Vpn table)
    {
        for (int block = 0; block < _count && Open > 0; block++)
        {
            Vpn page = _blocks[block].Page;
            if (_blocks[block].Phase != PrototypePhase.Closed && (page == table || (!SelfMap.Contains(page) && SelfMap.Prototypes.TableOf(page) == table)))
            {
                return true;
            }
        }

        return false;
    }

    public bool IsAwaited(Vpn page)
    {
        for (int index = 0; index < _waitCount; index++)
        {
            if (_waits[index].Page == page)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes the first one who waits for a page.</summary>
    public bool TryTakeWait(Vpn page, out PrototypeWait wait)
    {
        for (int index = 0; index < _waitCount; index++)
        {
            if (_waits[index].Page == page)
            {
                wait = _waits[index];
                _waitCount--;
                Array.Copy(_waits, index + 1, _waits, index, _waitCount - index);
                return true;
            }
        }

        wait = default;
        return false;
    }

    public void Encode(StateCodec codec)
    {
        int open = Open;
        codec.Rows("blocks", ref _blocks, ref _count);
        codec.Rows("waits", ref _waits, ref _waitCount);
        codec.Field("open blocks", ref open);
        codec.Field("credits", ref Credits);
        Open = open;
    }
}

/// <summary>How a page of a section is being brought in.</summary>
internal struct PrototypeBlock : IEncodable
{
    /// <summary>The page for which it was opened; one that holds prototype PTEs by its number as a table.</summary>
    public Vpn Page;

    /// <summary>Of a read: the first page of those that are read together.</summary>
    public Vpn First;

    /// <summary>Slot of the first page; none when it is read from a file.</summary>
    public PagingFileSlot Slot;
    public MdlId Mdl;
    public Generation Generation;
    public byte Count;
    public PrototypePhase Phase;

    /// <summary>What the fault on it turned out to be.</summary>
    public FaultKind Found;

    public readonly bool Contains(Vpn page) => Phase != PrototypePhase.Closed && page.Value >= First.Value && page.Value - First.Value < Count;

    public void Encode(StateCodec codec)
    {
        codec.Field("page", ref Page);
        codec.Field("first", ref First);
        codec.Field("count", ref Count);
        codec.Field("slot", ref Slot);
        codec.Field("mdl", ref Mdl);
        codec.Field("generation", ref Generation);
        codec.Field("phase", ref Phase);
        codec.Field("found", ref Found);
    }
}

/// <summary>What a page on its way waits for.</summary>
internal enum PrototypePhase : byte
{
    /// <summary>The row is free.</summary>
    Closed,

    /// <summary>The page that holds its prototype PTE.</summary>
    Table,

    /// <summary>The charge of such a page.</summary>
    Charge,

    /// <summary>A zeroed frame.</summary>
    Frame,

    /// <summary>The answer to a soft fault.</summary>
    SoftFault,

    /// <summary>The answer whether a hint is still good; nobody faulted on it when it was asked.</summary>
    Peek,

    /// <summary>A frame to read into.</summary>
    ReadFrame,

    /// <summary>The device.</summary>
    Reading,
}

/// <summary>Somebody who waits for a page of a section.</summary>
internal struct PrototypeWait : IEncodable
{
    public Vpn Page;
    public Vpn Vpn;
    public ulong Value;
    public ActorId Asker;
    public uint Request;
    public ushort Offset;
    public byte Width;
    public byte Priority;
    public AccessKind Access;

    /// <summary>Not a fault: a load or store of somebody who holds no share.</summary>
    public bool IsAccess;

    /// <summary>It came when the page was on its way already.</summary>
    public bool Collided;

    public void Encode(StateCodec codec)
    {
        codec.Field("page", ref Page);
        codec.Field("vpn", ref Vpn);
        codec.Field("value", ref Value);
        codec.Field("asker", ref Asker);
        codec.Field("request", ref Request);
        codec.Field("offset", ref Offset);
        codec.Field("width", ref Width);
        codec.Field("priority", ref Priority);
        codec.Field("access", ref Access);
        codec.Field("is access", ref IsAccess);
        codec.Field("collided", ref Collided);
    }
}
