namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §28, I6, and §21: the ledger of commitment is exact. <c>total after = total before ± pages</c>; <c>total ≤ limit</c>;
/// a charge is refused only when it does not fit; and for each process and kind
/// <c>entered in the ledger = stated by the process + charges in flight</c>, where those in flight (granted and not heard of, or
/// given back and not entered) are never negative, and none at quiescence.
/// </summary>
public sealed class CommitIsExact
    : Specification, IHear<CommitCharged>, IHear<CommitReturned>, IHear<CommitRefused>, IHear<CommitLimitChanged>, IHear<ProcessCommitChanged>,
      IHear<SegmentCommitChanged>
{
    private readonly FlatMap<ulong> _entered = new();
    private readonly Situation _charged;
    private readonly Situation _returned;
    private readonly Situation _refused;
    private readonly Situation _raised;
    private readonly Situation _inFlight;
    private ulong _total;
    private ulong _limit;
    private bool _open;

    public CommitIsExact()
        : base(nameof(CommitIsExact), "every page promised is in the ledger, and the ledger stays within its limit")
    {
        _charged = Sometimes("a charge was entered");
        _returned = Sometimes("a charge was returned");
        _refused = Sometimes("a charge was refused");
        _raised = Sometimes("the commit limit moved (R20)");
        _inFlight = Sometimes("a charge was in flight");
    }

    public void Hear(in CommitCharged fact)
    {
        _charged.Seen();
        Open(unchecked(fact.Total - fact.Pages), fact.Limit);
        Balance(unchecked(_total + fact.Pages), fact.Total, fact.Limit);
        if (fact.Total > fact.Limit)
        {
            Violated($"{fact.Pages} pages were charged, and {fact.Total} are more than the limit of {fact.Limit}");
        }

        ref ulong entry = ref _entered.Put(fact.Process.Value, (ulong)fact.For);
        entry = unchecked(entry + fact.Pages);
    }

    public void Hear(in CommitReturned fact)
    {
        _returned.Seen();
        Open(unchecked(fact.Total + fact.Pages), fact.Limit);
        Balance(unchecked(_total - fact.Pages), fact.Total, fact.Limit);
        ref ulong entry = ref _entered.Put(fact.Process.Value, (ulong)fact.For);
        ulong stated = Stated(fact.Process, fact.For);
        if (fact.Pages > entry || entry - fact.Pages < stated)
        {
            Violated($"{fact.Process} returned {fact.Pages} pages of {fact.For} commit; {entry} are entered for it, and it is using {stated}");
        }

        entry = unchecked(entry - fact.Pages);
    }

    public void Hear(in CommitRefused fact)
    {
        _refused.Seen();
        Open(fact.Total, fact.Limit);
        Balance(_total, fact.Total, fact.Limit);
        if (fact.Total <= fact.Limit && fact.Pages <= fact.Limit - fact.Total)
        {
            Violated($"{fact.Pages} pages were refused, and they fit: {fact.Total} of {fact.Limit} are charged");
        }
    }

    public void Hear(in CommitLimitChanged fact)
    {
        _raised.Seen();
        Open(fact.Total, fact.Limit);
        Balance(_total, fact.Total, fact.Limit, limitMoves: true);
        if (fact.Limit < fact.Total)
        {
            Violated($"the commit limit became {fact.Limit}, below the {fact.Total} pages charged");
        }
    }

    public void Hear(in ProcessCommitChanged fact)
    {
        Covered(CommitKind.Private, fact.PrivatePages);
        Covered(CommitKind.PageTable, fact.TablePages);
    }

    public void Hear(in SegmentCommitChanged fact)
    {
        Covered(CommitKind.Shared, fact.SharedPages);
        Covered(CommitKind.Prototype, fact.PrototypePages);
    }

    public override void AtQuiescence()
    {
        for (int actor = 0; actor < Known.Processes.End; actor++)
        {
            Settled(new ActorId(actor), CommitKind.Private);
            Settled(new ActorId(actor), CommitKind.PageTable);
            Settled(new ActorId(actor), CommitKind.Shared);
            Settled(new ActorId(actor), CommitKind.Prototype);
        }
    }

    private void Covered(CommitKind kind, ulong stated)
    {
        ulong entered = Entered(Actor, kind);
        _inFlight.SeenIf(entered > stated);
        if (entered < stated)
        {
            Violated($"{Actor} uses {stated} pages of {kind} commit, and {entered} are entered for it in the ledger");
        }
    }

    private void Settled(ActorId process, CommitKind kind)
    {
        ulong entered = Entered(process, kind);
        ulong stated = Stated(process, kind);
        if (entered != stated)
        {
            Violated($"nothing is in flight, and {entered} pages of {kind} commit are entered for {process}, which uses {stated}");
        }
    }

    private ulong Entered(ActorId process, CommitKind kind)
    {
        ref ulong entry = ref _entered.Find(process.Value, (ulong)kind);
        return System.Runtime.CompilerServices.Unsafe.IsNullRef(ref entry) ? 0 : entry;
    }

    private ulong Stated(ActorId process, CommitKind kind)
    {
        ref readonly KnownProcess known = ref Known.Processes[process];
        return known.CommitFor(kind);
    }

    /// <summary>What was charged before the first fact is the system's own, and believed.</summary>
    private void Open(ulong total, ulong limit)
    {
        if (!_open)
        {
            _open = true;
            _total = total;
            _limit = limit;
        }
    }

    private void Balance(ulong expected, ulong stated, ulong limit, bool limitMoves = false)
    {
        if (stated != expected)
        {
            Violated($"the ledger says {stated} pages are charged, and its entries add up to {expected}");
        }

        if (limit != _limit && !limitMoves)
        {
            Violated($"the commit limit is said to be {limit}, and it was {_limit} and has not moved");
        }

        _total = stated;
        _limit = limit;
    }
}
