namespace ActorVmm.Kernel.Calls;

/// <summary>A call from outside with all its words, in whatever order they have come.</summary>
internal sealed class CallRow : IEncodable
{
    private const int WordsPerPart = 3;

    public ulong Base;
    public ulong Size;
    public uint Type;
    public uint Protection;
    public CallService Service;
    public CallFlags Flags;
    public HandleResolution Handle;

    /// <summary>How far a call has got that moves bytes.</summary>
    public CallStage Stage;

    /// <summary>The row that it holds.</summary>
    public MdlId Mdl = MdlId.None;

    /// <summary>Pages of the row that are locked.</summary>
    public int LockedPages;

    /// <summary>The page it probes now; those before it were good.</summary>
    public ulong Probed;

    /// <summary>Bytes moved so far.</summary>
    public ulong Done;

    /// <summary>Bytes of the chunk under way.</summary>
    public uint Chunk;

    /// <summary>Bytes of it moved between memory and row.</summary>
    public uint Part;

    /// <summary>Bytes of it that somebody else has moved.</summary>
    public uint Came;

    /// <summary>How that ended.</summary>
    public NtStatus CameWith;

    private ulong[] _words = [];
    private int _wordCount;
    private int _partsExpected;
    private int _partsHere;
    private bool _begun;

    /// <summary>Whether all of it has come.</summary>
    public bool IsComplete => _begun && _partsHere == _partsExpected;

    public void Begin(in BeginCall begin)
    {
        Invariant.Holds(!_begun, "a call begins once");
        _begun = true;
        Base = begin.Base;
        Size = begin.Size;
        Type = begin.Type;
        Protection = begin.Protection;
        Service = begin.Service;
        Flags = begin.Flags;
        Handle = begin.Handle;
        _partsExpected = begin.Parts;
    }

    public void Add(in CallWords words)
    {
        int first = words.Part * WordsPerPart;
        if (_wordCount < first + WordsPerPart)
        {
            Array.Resize(ref _words, first + WordsPerPart);
            _wordCount = first + WordsPerPart;
        }

        _words[first] = words.A;
        _words[first + 1] = words.B;
        _words[first + 2] = words.C;
        _partsHere++;
    }

    /// <summary>The number of the thread that calls; −1 for one of another process.</summary>
    public int Thread => (Flags & CallFlags.Attached) != 0 ? -1
        : (Flags & CallFlags.NamesThread) != 0 ? (int)Word((_partsExpected * WordsPerPart) - 1)
        : 0;

    public ulong Word(int place) => place < _wordCount ? _words[place] : 0;

    public void Encode(StateCodec codec)
    {
        codec.Field("call base", ref Base);
        codec.Field("call size", ref Size);
        codec.Field("call type", ref Type);
        codec.Field("call protection", ref Protection);
        codec.Field("service", ref Service);
        codec.Field("call flags", ref Flags);
        codec.Field("handle", ref Handle);
        codec.Values("words", ref _words, ref _wordCount);
        codec.Field("parts expected", ref _partsExpected);
        codec.Field("parts here", ref _partsHere);
        codec.Field("begun", ref _begun);
        codec.Field("stage", ref Stage);
        codec.Field("row", ref Mdl);
        codec.Field("locked pages", ref LockedPages);
        codec.Field("probed", ref Probed);
        codec.Field("done", ref Done);
        codec.Field("chunk", ref Chunk);
        codec.Field("part", ref Part);
        codec.Field("came", ref Came);
        codec.Field("came with", ref CameWith);
    }
}

/// <summary>How far a call has got that moves bytes.</summary>
internal enum CallStage : byte
{
    /// <summary>It is checked, and its buffer probed.</summary>
    Begins,

    /// <summary>The row is filled, or its pages are found.</summary>
    Fills,

    /// <summary>The pages of the row are locked.</summary>
    Locks,

    /// <summary>Somebody else has the row.</summary>
    Away,

    /// <summary>It is back, and what came is stored.</summary>
    Empties,
}
