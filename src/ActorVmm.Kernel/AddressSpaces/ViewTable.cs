namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>The views that a process has of sections, and what it has asked their sections and not been answered yet.</summary>
internal sealed class ViewTable : IEncodable
{
    /// <summary>Place of a view that is about to be mapped.</summary>
    public const int Coming = -1;

    private View[] _views = [];
    private int _count;
    private ViewPages[] _runs = [];
    private int _runCount;
    private SectionRequest[] _requests = [];
    private int _requestCount;
    private uint _lastRequest;
    private uint _lastNumber;

    /// <summary>Questions that are not answered yet.</summary>
    public int Unanswered => _requestCount;

    /// <summary>Views whose accesses their sections order.</summary>
    public int Ordered { get; private set; }

    /// <summary>A view by its place, which is what its VAD knows of it.</summary>
    public ref View this[int place] => ref _views[place - 1];

    /// <summary>Enters a view; returns its place, from 1.</summary>
    public int Add(View view)
    {
        int place = 0;
        while (place < _count && _views[place].Number != 0)
        {
            place++;
        }

        if (place == _views.Length)
        {
            Array.Resize(ref _views, Math.Max(2, place * 2));
        }

        _count = Math.Max(_count, place + 1);
        view.Number = ++_lastNumber;
        _views[place] = view;
        Ordered += view.Ordered ? 1 : 0;
        for (int run = 0; run < _runCount; run++)
        {
            _runs[run].View = _runs[run].View == Coming ? place + 1 : _runs[run].View;
        }

        return place + 1;
    }

    public void Remove(int place)
    {
        if (place != Coming)
        {
            Ordered -= this[place].Ordered ? 1 : 0;
            this[place] = default;
        }

        int kept = 0;
        for (int run = 0; run < _runCount; run++)
        {
            if (_runs[run].View != place)
            {
                _runs[kept++] = _runs[run];
            }
        }

        _runCount = kept;
    }

    /// <summary>Pages of an image view that have a protection of their own.</summary>
    public void AddRun(int place, ulong first, ulong pages, ProtectionCode protection)
    {
        if (_runCount == _runs.Length)
        {
            Array.Resize(ref _runs, Math.Max(4, _runCount * 2));
        }

        _runs[_runCount++] = new ViewPages { View = place, First = first, Pages = pages, Protection = protection };
    }

    /// <summary>What a page of a view may be accessed for that was never touched nor had its protection changed.</summary>
    public ProtectionCode ProtectionOf(in Vad vad, Vpn page)
    {
        ulong at = page.Value - vad.Start.Value;
        for (int run = 0; run < _runCount; run++)
        {
            if (_runs[run].View == vad.View && at >= _runs[run].First && at - _runs[run].First < _runs[run].Pages)
            {
                return _runs[run].Protection;
            }
        }

        return vad.Protection;
    }

    /// <summary>Pages of an image view that may be copied for this process.</summary>
    public ulong CopiedPagesOf(int place)
    {
        ulong pages = 0;
        for (int run = 0; run < _runCount; run++)
        {
            pages += _runs[run].View == place && _runs[run].Protection.IsCopyOnWrite ? _runs[run].Pages : 0;
        }

        return pages;
    }

    public uint Ask(SectionRequest request)
    {
        if (_requestCount == _requests.Length)
        {
            Array.Resize(ref _requests, Math.Max(2, _requestCount * 2));
        }

        request.Number = ++_lastRequest;
        _requests[_requestCount++] = request;
        return request.Number;
    }

    public SectionRequest Answer(uint number)
    {
        int at = 0;
        while (_requests[at].Number != number)
        {
            at++;
            Invariant.Holds(at < _requestCount, "a section answers what it was asked");
        }

        SectionRequest request = _requests[at];
        _requestCount--;
        Array.Copy(_requests, at + 1, _requests, at, _requestCount - at);
        return request;
    }

    /// <summary>Whether a question of this kind about this page is on its way.</summary>
    public bool Asks(SectionRequestKind kind, Vpn page)
    {
        for (int at = 0; at < _requestCount; at++)
        {
            if (_requests[at].Kind == kind && _requests[at].Page == page)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first page of a range that is being copied, loaded from or stored to.</summary>
    public bool TryFindAccess(Vpn start, Vpn end, out Vpn page)
    {
        for (int at = 0; at < _requestCount; at++)
        {
            page = _requests[at].Page;
            if (_requests[at].Kind != SectionRequestKind.Fault && page.Value >= start.Value && page.Value <= end.Value)
            {
                return true;
            }
        }

        page = default;
        return false;
    }

    public void Encode(StateCodec codec)
    {
        int ordered = Ordered;
        codec.Rows("views", ref _views, ref _count);
        codec.Rows("view runs", ref _runs, ref _runCount);
        codec.Rows("section requests", ref _requests, ref _requestCount);
        codec.Field("last request", ref _lastRequest);
        codec.Field("last view", ref _lastNumber);
        codec.Field("ordered views", ref ordered);
        Ordered = ordered;
    }

    private struct ViewPages : IEncodable
    {
        public ulong First;
        public ulong Pages;
        public int View;
        public ProtectionCode Protection;

        public void Encode(StateCodec codec)
        {
            codec.Field("first", ref First);
            codec.Field("pages", ref Pages);
            codec.Field("view", ref View);
            codec.Field("protection", ref Protection);
        }
    }
}

/// <summary>A view of a section.</summary>
internal struct View : IEncodable
{
    /// <summary>The page of the section that its first page shows.</summary>
    public ulong First;

    /// <summary>Pages that the section counts for it.</summary>
    public ulong Pages;

    public ActorId Section;
    public int Object;

    /// <summary>No other view of the process has, or had, this number; 0 when there is none.</summary>
    public uint Number;

    public SectionAttributes Attributes;
    public SegmentKind Segment;

    /// <summary>Loads and stores go through the section.</summary>
    public bool Ordered;

    /// <summary>Which of its pages are committed, only the section knows.</summary>
    public readonly bool IsReserved => Segment == SegmentKind.PagingFile && (Attributes & SectionAttributes.Reserve) != 0;

    public void Encode(StateCodec codec)
    {
        codec.Field("first", ref First);
        codec.Field("pages", ref Pages);
        codec.Field("section", ref Section);
        codec.Field("object", ref Object);
        codec.Field("number", ref Number);
        codec.Field("attributes", ref Attributes);
        codec.Field("segment", ref Segment);
        codec.Field("ordered", ref Ordered);
    }
}

/// <summary>What a section is asked about a page.</summary>
internal enum SectionRequestKind : byte
{
    /// <summary>To bring it in.</summary>
    Fault,

    /// <summary>To copy it.</summary>
    Copy,

    /// <summary>To load from it or store to it.</summary>
    Access,
}

/// <summary>A question about a page that a section has not answered yet.</summary>
internal struct SectionRequest : IEncodable
{
    public Vpn Page;

    /// <summary>The page of the section.</summary>
    public ulong Shared;

    public ActorId Section;
    public uint Number;

    /// <summary>The number of the view at that time: another may be at its place when the answer comes.</summary>
    public uint View;

    public int Thread;

    /// <summary>Of a copy: from which frame.</summary>
    public Pfn Source;

    public SectionRequestKind Kind;

    public void Encode(StateCodec codec)
    {
        codec.Field("page", ref Page);
        codec.Field("shared", ref Shared);
        codec.Field("section", ref Section);
        codec.Field("number", ref Number);
        codec.Field("view", ref View);
        codec.Field("thread", ref Thread);
        codec.Field("source", ref Source);
        codec.Field("kind", ref Kind);
    }
}
