namespace ActorVmm.Specifications.Known;

/// <summary>
/// What the facts heard so far have told about a machine: one account for all promises. It believes every fact, also one that
/// breaks a promise, and never fails: to judge is the specifications' business.
/// </summary>
public sealed class KnownMachine
{
    private readonly long[] _framesAt = new long[8];
    private Pfn[] _touched;
    private int _touchedCount;
    private Fact _fact;
    private bool _quiescent;

    internal KnownMachine(MachinePlan plan)
    {
        Plan = plan;
        Frames = new KnownFrames(plan.Frames);
        Slots = new KnownSlots(plan.PagingFiles);
        _framesAt[(int)PageLocation.Zeroed] = plan.Frames;
        _touched = new Pfn[Math.Clamp(plan.Frames, 64, 4096)];
        Chroniclers = [new FrameChronicle(this), new PageChronicle(this), new SlotChronicle(this), new ProcessChronicle(this)];
    }

    public MachinePlan Plan { get; }

    public KnownFrames Frames { get; }

    public KnownSlots Slots { get; }

    public KnownPages Pages { get; } = new();

    public KnownProcesses Processes { get; } = new();

    public KnownReads Reads { get; } = new();

    /// <summary>The turn whose facts are being heard.</summary>
    public TurnStamp Turn { get; private set; }

    /// <summary>The frames that facts of this turn were about.</summary>
    public ReadOnlySpan<Pfn> TouchedFrames => _touched.AsSpan(0, _touchedCount);

    internal object[] Chroniclers { get; }

    internal Channels? Words { get; set; }

    /// <summary>The fact being heard, and how it reads.</summary>
    internal (Fact? Fact, string Text) LastFact =>
        _quiescent || Words is null ? (null, "") : (_fact, Words.Describe(in _fact));

    public long FramesAt(PageLocation location) => _framesAt[(int)location & 7];

    internal void Begin(in TurnStamp turn)
    {
        Turn = turn;
        _quiescent = false;
        ForgetTouched();
    }

    internal void BeginQuiescence()
    {
        _quiescent = true;
        ForgetTouched();
    }

    internal void Hearing(in Fact fact) => _fact = fact;

    internal ref KnownFrame Touch(Pfn pfn)
    {
        ref KnownFrame frame = ref Frames.At(pfn);
        if (!frame.Touched && Frames.Has(pfn))
        {
            frame.Touched = true;
            if (_touchedCount == _touched.Length)
            {
                Array.Resize(ref _touched, _touchedCount * 2);
            }

            _touched[_touchedCount++] = pfn;
        }

        return ref frame;
    }

    internal void CountMove(PageLocation from, PageLocation to)
    {
        _framesAt[(int)from & 7]--;
        _framesAt[(int)to & 7]++;
    }

    /// <summary>A page comes into being.</summary>
    internal void Born(ActorId process, Vpn vpn, Pfn frame)
    {
        int before = Pages.Count;
        Pages.Put(process, vpn, new PagePlace(PagingFileSlot.None, frame, HintIsOut: false, BeingRead: false));
        CountPages(process, vpn, Pages.Count - before);
    }

    /// <summary>A page ceases to be.</summary>
    internal void Died(ActorId process, Vpn vpn)
    {
        if (Pages.Remove(process, vpn))
        {
            CountPages(process, vpn, -1);
        }
    }

    private void ForgetTouched()
    {
        foreach (Pfn pfn in TouchedFrames)
        {
            Frames.At(pfn).Touched = false;
        }

        _touchedCount = 0;
    }

    private void CountPages(ActorId process, Vpn vpn, int change)
    {
        ref KnownProcess known = ref Processes.At(process);
        if (KnownPages.IsTable(vpn))
        {
            known.TablePages += change;
        }
        else
        {
            known.UserPages += change;
        }
    }
}
