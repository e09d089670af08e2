namespace ActorVmm.Kernel.SystemSpaces;

/// <summary>
/// The ledger of commitment (fact book §21): a promise of a page is given only after it was entered here, all or nothing, and the
/// sum of all promises never exceeds the limit: memory and paging files as large as they are now. The life of a charge that does
/// not fit (R20):
/// <code>
/// 1. ChargeCommit      does not fit below the limit, but would if paging files grew: it waits in a queue
/// 2. GrowPagingFile    asks files that may still grow, for enough that the ledger would be 90 % full
/// 3. PagingFileGrown   when all have answered, the charges are tried again, in order
/// 4. CommitAnswered    success; or COMMITMENT_LIMIT when no growth can help any more; or wait for more growth from 2
/// </code>
/// Files also grow ahead of need when the ledger is more than 90 % full.
/// </summary>
public sealed partial class SystemSpace : IActor
{
    /// <summary>Files grow by at least 1 MB, the size of the smallest paging file.</summary>
    private const ulong LeastGrowth = 256;

    private readonly ActorId[] _files;
    private readonly ulong _memory;
    private readonly Ticks _operation;

    private readonly uint[] _filePages;
    private readonly uint[] _fileMaximum;
    private readonly ulong[] _promised = new ulong[(int)CommitKind.Prototype + 1];
    private ulong _limit;
    private ulong _peak;
    private int _growing;

    // Charges that wait for paging files to grow, in the order they came.
    private WaitingCharge[] _waiting = new WaitingCharge[4];
    private int _waitingCount;

    private readonly IReadOnlyList<JobPlan> _jobPlans;
    private JobLedger? _jobs;

    private readonly SystemPlan _system;
    private readonly ulong[] _poolLimits;

    public SystemSpace(MachinePlan plan, Cast cast)
    {
        _files = [.. cast.PagingFiles];
        _memory = plan.Frames - NonpageableReserve(plan.Frames);
        _operation = new Ticks(plan.Costs.FrameOperation);
        _filePages = [.. plan.PagingFiles.Select(file => file.Pages)];
        _fileMaximum = [.. plan.PagingFiles.Select(file => Math.Max(file.Pages, file.MaximumPages))];
        _jobPlans = plan.Jobs;
        _system = plan.System;
        _poolLimits = PoolLimits(plan);
        _limit = LimitWith(_filePages);
        _platform = plan.Platform;
        _sections = new SectionDirectory(BasedEnd(plan.Platform));
    }

    /// <summary>
    /// Frames that back no promise, because the system itself needs them and cannot page: one in 64. Fixed, so that the limit can be
    /// told in advance.
    /// </summary>
    public static uint NonpageableReserve(uint frames) => frames / 64;

    /// <summary>Pages promised.</summary>
    public ulong Total => Private + PageTables + Shared + Prototypes;

    /// <summary>Pages promised to processes as private memory.</summary>
    public ulong Private => _promised[(int)CommitKind.Private];

    /// <summary>Pages promised for page tables.</summary>
    public ulong PageTables => _promised[(int)CommitKind.PageTable];

    /// <summary>Pages promised to sections backed by paging files.</summary>
    public ulong Shared => _promised[(int)CommitKind.Shared];

    /// <summary>Pages promised for prototype PTEs.</summary>
    public ulong Prototypes => _promised[(int)CommitKind.Prototype];

    /// <summary>The most pages ever promised at once.</summary>
    public ulong Peak => _peak;

    /// <summary>The most pages that may be promised now.</summary>
    public ulong Limit => _limit;

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        (ulong total, ulong limit) = (Total, _limit);
        switch (delivery.Kind)
        {
            case Protocol.ChargeCommit.Kind: ChargeCommit(delivery.Sender, delivery.Read<ChargeCommit>(), outbox); break;
            case Protocol.ReturnCommit.Kind: ReturnCommit(delivery.Sender, delivery.Read<ReturnCommit>(), outbox); break;
            case Protocol.PagingFileGrown.Kind: PagingFileGrown(delivery.Sender, delivery.Read<PagingFileGrown>(), outbox); break;
            case Protocol.CreateSection.Kind: CreateSection(delivery.Sender, delivery.Read<CreateSection>(), outbox); break;
            case Protocol.OpenSection.Kind: OpenSection(delivery.Sender, delivery.Read<OpenSection>(), outbox); break;
            case Protocol.InsertSection.Kind: InsertSection(delivery.Sender, delivery.Read<InsertSection>(), outbox); break;
            case Protocol.RemoveSection.Kind: RemoveSection(delivery.Sender, delivery.Read<RemoveSection>(), outbox); break;
            case Protocol.ExtensionPossible.Kind: ExtensionPossible(delivery.Sender, delivery.Read<ExtensionPossible>(), outbox); break;
            case Protocol.AllocatePool.Kind: AllocatePool(delivery.Sender, delivery.Read<AllocatePool>(), outbox); break;
            case Protocol.FreePool.Kind: FreePool(delivery.Read<FreePool>(), outbox); break;
            case Protocol.MapMdl.Kind: MapMdl(delivery.Sender, delivery.Read<MapMdl>(), outbox); break;
            case Protocol.UnmapMdl.Kind: UnmapMdl(delivery.Read<UnmapMdl>(), outbox); break;
            case Protocol.JoinJob.Kind: JoinJob(delivery.Sender, delivery.Read<JoinJob>().Job, outbox); break;
            case Protocol.LeaveJob.Kind: LeaveJob(delivery.Sender, outbox); break;
            default: throw Impossible.Message(delivery, "system space");
        }

        StateConditions(total, limit, outbox);
    }

    public void Encode(StateCodec codec)
    {
        codec.Values("file pages", _filePages);
        codec.Values("file maximum", _fileMaximum);
        codec.Values("promised", _promised);
        codec.Field("limit", ref _limit);
        codec.Field("peak", ref _peak);
        codec.Field("growing", ref _growing);
        codec.Rows("waiting", ref _waiting, ref _waitingCount);
        codec.Group("sections", _sections);
        codec.Addition("jobs", ref _jobs);
        codec.Addition("pools", ref _pools);
        codec.Addition("system PTEs", ref _ptes);
    }

    private void ChargeCommit(ActorId process, ChargeCommit charge, Outbox outbox)
    {
        outbox.Spend(_operation);
        var asked = new WaitingCharge { Process = process, Pages = charge.Pages, Request = charge.Request, For = charge.For };
        if (IsOverJobLimit(in asked, outbox))
        {
            return;
        }

        if (Fits(charge.Pages))
        {
            Enter(in asked, outbox);
        }
        else if (CouldFit(charge.Pages))
        {
            Wait(in asked);
        }
        else
        {
            Refuse(in asked, outbox);
        }

        GrowIfNeeded(outbox);
    }

    private void ReturnCommit(ActorId process, ReturnCommit returned, Outbox outbox)
    {
        outbox.Spend(_operation);
        ref ulong ledger = ref _promised[(int)returned.For];
        Invariant.Holds(returned.Pages <= ledger, "no more commitment is returned than was charged");
        ledger -= returned.Pages;
        _jobs?.Return(process, returned.Pages, returned.For);
        outbox.State(new CommitReturned(returned.Pages, Total, _limit, process, returned.For));
    }

    private void PagingFileGrown(ActorId sender, PagingFileGrown grown, Outbox outbox)
    {
        int file = Array.IndexOf(_files, sender);
        Invariant.Holds(file >= 0 && _growing > 0, "only a paging file that was asked to grow says that it has grown");
        _growing--;
        _filePages[file] = grown.Pages;
        if (grown.Added == 0)
        {
            // Its volume is full, or fails: do not ask again before it says that it can, or a charge would wait for ever.
            _fileMaximum[file] = grown.Pages;
        }
        else
        {
            _limit = LimitWith(_filePages);
            outbox.State(new CommitLimitChanged(_limit, Total));
        }

        if (_growing == 0)
        {
            TryAgain(outbox);
            GrowIfNeeded(outbox);
        }
    }

    /// <summary>All growth asked for has been answered: each waiting charge is entered, refused, or waits for more growth.</summary>
    private void TryAgain(Outbox outbox)
    {
        int kept = 0;
        for (int i = 0; i < _waitingCount; i++)
        {
            WaitingCharge charge = _waiting[i];
            if (IsOverJobLimit(in charge, outbox))
            {
                continue;
            }

            if (Fits(charge.Pages))
            {
                Enter(in charge, outbox);
            }
            else if (CouldFit(charge.Pages))
            {
                _waiting[kept++] = charge;
            }
            else
            {
                Refuse(in charge, outbox);
            }
        }

        _waitingCount = kept;
    }

    /// <summary>
    /// Asks paging files to grow when charges wait or the ledger is more than 90 % full: by so much that, all charges entered, it
    /// would be 90 % full. One attempt at a time, as one thread of Windows does it.
    /// </summary>
    private void GrowIfNeeded(Outbox outbox)
    {
        ulong promised = Total;
        for (int i = 0; i < _waitingCount; i++)
        {
            promised += _waiting[i].Pages;
        }

        ulong needed = promised * 10 / 9;
        if (_growing > 0 || needed <= _limit)
        {
            return;
        }

        ulong missing = Math.Max(needed - _limit, LeastGrowth);
        for (int file = 0; file < _files.Length && missing > 0; file++)
        {
            uint pages = (uint)Math.Min(missing, _fileMaximum[file] - _filePages[file]);
            if (pages > 0)
            {
                _growing++;
                missing -= pages;
                outbox.Send(_files[file], new GrowPagingFile(pages));
            }
        }
    }

    private void Enter(in WaitingCharge charge, Outbox outbox)
    {
        _promised[(int)charge.For] += charge.Pages;
        _peak = Math.Max(_peak, Total);
        _jobs?.Enter(charge.Process, charge.Pages, charge.For);
        outbox.State(new CommitCharged(charge.Pages, Total, _limit, charge.Process, charge.For));
        outbox.Send(charge.Process, new CommitAnswered(charge.Pages, charge.Request, NtStatus.Success));
    }

    private void Refuse(in WaitingCharge charge, Outbox outbox)
    {
        outbox.State(new CommitRefused(charge.Pages, Total, _limit, charge.Process, charge.For));
        outbox.Send(charge.Process, new CommitAnswered(charge.Pages, charge.Request, NtStatus.CommitmentLimit));
    }

    private void Wait(in WaitingCharge charge)
    {
        if (_waitingCount == _waiting.Length)
        {
            Array.Resize(ref _waiting, _waitingCount * 2);
        }

        _waiting[_waitingCount++] = charge;
    }

    private bool Fits(ulong pages) => pages <= _limit - Total;

    private bool CouldFit(ulong pages) => pages <= LimitWith(_fileMaximum) - Total;

    /// <summary>Page 0 of a paging file is its header and backs nothing.</summary>
    private ulong LimitWith(uint[] filePages)
    {
        ulong limit = _memory;
        foreach (uint pages in filePages)
        {
            limit += Math.Max(pages, 1) - 1;
        }

        return limit;
    }

    /// <summary>A charge that waits for paging files to grow.</summary>
    private struct WaitingCharge : IEncodable
    {
        public ActorId Process;
        public ulong Pages;
        public int Request;
        public CommitKind For;

        public void Encode(StateCodec codec)
        {
            codec.Field("process", ref Process);
            codec.Field("pages", ref Pages);
            codec.Field("request", ref Request);
            codec.Field("for", ref For);
        }
    }
}
