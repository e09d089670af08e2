using ActorVmm.Kernel.AddressSpaces;

namespace ActorVmm.Kernel.Sections;

/// <summary>
/// A segment with its control area (fact book §13.3): prototype PTEs, the section objects that name it, the views that processes have of
/// it. A turn of it is the lock on its prototype PTEs held. To the PFN database it is an owner of frames like a process, and its pages are
/// counted from its first; the PTEs of processes hold shares of pages, which are counted here. Its life:
/// <code>
/// 1. FormSection        it gets its first object, and is charged when it promises its pages (SectionObjects.cs)
/// 2. MapView            a process has a view (SegmentViews.cs)
/// 3. FaultPrototype     a page is brought in, once, however many processes fault on it (PrototypeFaults.cs, PrototypeReads.cs), and before
///                       it the page of its prototype PTE (PrototypeTables.cs)
/// 4. SharedAccess       loads and stores to what several may change get their order here (SharedPages.cs)
/// 5. ReleaseShare       the last one puts the page on standby, or on the modified list
/// 6. nobody refers to it any more: everything goes back (SegmentEnd.cs)
/// </code>
/// </summary>
public sealed partial class Section : IActor
{
    /// <summary>Bits of a stamp for the count of stamps a section has made.</summary>
    private const int StampBits = 31;

    private readonly ProcessEnvironment _machine;
    private readonly uint _serial;
    private readonly PageTables _prototypes = new(SelfMap.Prototypes);
    private readonly PrototypeBlocks _blocks = new();

    private SectionObject[] _objects = [];
    private int _objectCount;
    private SegmentView[] _views = [];
    private int _viewCount;
    private ImageRun[] _runs = [];
    private int _runCount;
    private FrameBatch _kept;
    private FrameBatch _deleted;

    private ActorId _file;
    private SegmentKind _kind;
    private SegmentState _state;
    private bool _committed;
    private bool _framesAsked;
    private bool _placed;
    private bool _toldIdle;
    private bool _dismissed;
    private SectionAttributes _attributes;
    private Generation _generation;
    private uint _entryPoint;
    private uint _forms;
    private int _runsExpected;
    private int _valid;
    private int _charging;
    private ulong _base;
    private ulong _bytes;
    private ulong _pages;
    private ulong _sharedCommit;
    private long _stamps;

    /// <param name="machine">What all who map memory share.</param>
    /// <param name="serial">Its number, from <see cref="ISectionFactory"/>.</param>
    public Section(ProcessEnvironment machine, uint serial)
    {
        _machine = machine;
        _serial = serial;
    }

    public uint Serial => _serial;

    public SegmentKind Segment => _kind;

    /// <summary>Length in pages.</summary>
    public ulong Pages => _pages;

    /// <summary>Pages of it that are in somebody's working set.</summary>
    public int ValidPages => _valid;

    /// <summary>Views that processes have of it.</summary>
    public int Views => _viewCount;

    /// <summary>Whether it has given everything back.</summary>
    public bool IsGone => _state == SegmentState.Gone;

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        switch (delivery.Kind)
        {
            case Protocol.FaultPrototype.Kind: FaultPrototype(delivery.Sender, delivery.Read<FaultPrototype>(), outbox); break;
            case Protocol.SharedAccess.Kind: SharedAccess(delivery.Sender, delivery.Read<SharedAccess>(), outbox); break;
            case Protocol.ReleaseShare.Kind: ReleaseShare(delivery.Read<ReleaseShare>(), outbox); break;
            case Protocol.LockPages.Kind: outbox.Send(_machine.Cast.PfnDatabase, delivery.Read<LockPages>()); break;
            case Protocol.CopyPrototype.Kind: CopyPrototype(delivery.Sender, delivery.Read<CopyPrototype>(), outbox); break;
            case Protocol.FramesGranted.Kind: FramesGranted(delivery.Read<FramesGranted>().Frames, outbox); break;
            case Protocol.SoftFaultAnswered.Kind: SoftFaultAnswered(delivery.Read<SoftFaultAnswered>(), outbox); break;
            case Protocol.TrimWorkingSet.Kind: TrimWorkingSet(delivery.Read<TrimWorkingSet>(), outbox); break;
            case Protocol.ReadFramesGranted.Kind: ReadFramesGranted(delivery.Read<ReadFramesGranted>(), outbox); break;
            case Protocol.PageRead.Kind: PageRead(delivery.Read<PageRead>(), outbox); break;
            case Protocol.CommitAnswered.Kind: CommitAnswered(delivery.Read<CommitAnswered>(), outbox); break;
            case Protocol.FormSection.Kind: FormSection(delivery.Read<FormSection>(), outbox); break;
            case Protocol.PlaceSegment.Kind: PlaceSegment(delivery.Read<PlaceSegment>(), outbox); break;
            case Protocol.OpenSectionObject.Kind: OpenSectionObject(delivery.Read<OpenSectionObject>(), outbox); break;
            case Protocol.CountHandle.Kind: CountHandle(delivery.Read<CountHandle>(), outbox); break;
            case Protocol.SectionRemoved.Kind: SectionRemoved(delivery.Read<SectionRemoved>()); break;
            case Protocol.QuerySectionObject.Kind: QuerySectionObject(delivery.Sender, delivery.Read<QuerySectionObject>(), outbox); break;
            case Protocol.MapView.Kind: MapView(delivery.Sender, delivery.Read<MapView>(), outbox); break;
            case Protocol.UnmapView.Kind: UnmapView(delivery.Sender, delivery.Read<UnmapView>(), outbox); break;
            case Protocol.CommitPrototypes.Kind: CommitPrototypes(delivery.Sender, delivery.Read<CommitPrototypes>(), outbox); break;
            case Protocol.QueryPrototypes.Kind: QueryPrototypes(delivery.Sender, delivery.Read<QueryPrototypes>(), outbox); break;
            case Protocol.FormFile.Kind: FormFile(delivery.Sender, delivery.Read<FormFile>()); break;
            case Protocol.FormImageRun.Kind: FormImageRun(delivery.Read<FormImageRun>(), outbox); break;
            case Protocol.FilePagesRead.Kind: FilePagesRead(delivery.Read<FilePagesRead>(), outbox); break;
            case Protocol.FilePagesWritten.Kind: FilePagesWritten(delivery.Read<FilePagesWritten>(), outbox); break;
            case Protocol.WriteSectionPages.Kind: WriteSectionPages(delivery.Sender, delivery.Read<WriteSectionPages>(), outbox); break;
            case Protocol.FlushSection.Kind: FlushSection(delivery.Sender, delivery.Read<FlushSection>()); break;
            case Protocol.MappedTaken.Kind: MappedTaken(delivery.Read<MappedTaken>(), outbox); break;
            case Protocol.AskControlArea.Kind: AskControlArea(delivery.Read<AskControlArea>()); break;
            case Protocol.EndControlArea.Kind: _dismissed = true; break;
            case Protocol.FrameHasFailed.Kind: break; // Processes map it: what is lost is found when the last of them has let go.
            default: throw Impossible.Message(delivery, "a section");
        }

        AnswerFile(outbox);
        GoOnFlushing(outbox);
        EndIfUnused(outbox);
    }

    public void Encode(StateCodec codec)
    {
        _prototypes.Encode(codec);
        _blocks.Encode(codec);
        codec.Rows("objects", ref _objects, ref _objectCount);
        codec.Rows("views", ref _views, ref _viewCount);
        codec.Rows("runs", ref _runs, ref _runCount);
        codec.Rows("pending", ref _pending, ref _pendingCount);
        codec.Part("commits", ref _commits);
        codec.Group("kept", ref _kept);
        codec.Field("file", ref _file);
        codec.Field("segment", ref _kind);
        codec.Field("state", ref _state);
        codec.Field("committed", ref _committed);
        codec.Field("frames asked", ref _framesAsked);
        EncodeWrites(codec);
        EncodeTables(codec);
        codec.Field("asked", ref _asked);
        codec.Field("ask", ref _askSize);
        codec.Field("ask purpose", ref _askPurpose);
        codec.Field("ask request", ref _askRequest);
        codec.Field("placed", ref _placed);
        codec.Field("told idle", ref _toldIdle);
        codec.Field("dismissed", ref _dismissed);
        codec.Field("attributes", ref _attributes);
        codec.Field("generation", ref _generation);
        codec.Field("entry point", ref _entryPoint);
        codec.Field("forms", ref _forms);
        codec.Field("runs expected", ref _runsExpected);
        codec.Field("valid", ref _valid);
        codec.Field("charging", ref _charging);
        codec.Field("base", ref _base);
        codec.Field("bytes", ref _bytes);
        codec.Field("pages", ref _pages);
        codec.Field("shared commit", ref _sharedCommit);
        codec.Field("stamps given", ref _stamps);
    }

    /// <summary>Contents nobody else has.</summary>
    private ContentStamp NewStamp() => new((1UL << 63) | ((ulong)_serial << StampBits) | (ulong)++_stamps);

    private Generation NextGeneration() => _generation = _generation.Next;

    private void StateCommit(Outbox outbox) =>
        outbox.State(new SegmentCommitChanged(_sharedCommit, (ulong)(_prototypes.ChargedTables + _blocks.Credits)));
}

/// <summary>The life of a segment.</summary>
internal enum SegmentState : byte
{
    /// <summary>Nobody has told it yet what it is.</summary>
    Created,

    Alive,

    /// <summary>It has given everything back.</summary>
    Gone,
}
