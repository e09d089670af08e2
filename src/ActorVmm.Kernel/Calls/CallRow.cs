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
    }
}
