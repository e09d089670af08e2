using ActorVmm.Specifications.Known;

namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §4.3 and §17, R2 and R14: once a call has taken access to pages away, or put a guard on them, none of them is mapped until it may be
/// accessed again: not by a read that began before, nor by a soft fault that was answered before. In flight: what a turn maps it may unmap itself.
/// </summary>
public sealed class AForbiddenPageStaysOut
    : Specification, IHear<CallCompleted>, IHear<FaultAnswered>, IHear<StackGrown>, IHear<ProcessExited>, IHear<PageMapped>, IHear<PageUnmapped>,
        IHear<ViewPageMapped>, IHear<ViewPageUnmapped>, IJudgeTurns
{
    private readonly PageRanges _forbidden = new();
    private readonly List<Vpn> _mapped = [];
    private readonly Situation _taken;
    private readonly Situation _left;

    public AForbiddenPageStaysOut()
        : base(nameof(AForbiddenPageStaysOut), "a page that may not be accessed is not mapped")
    {
        _taken = Sometimes("access to pages was taken away");
        _left = Sometimes("a page came whose access had been taken away meanwhile (R14)");
    }

    public void Hear(in CallCompleted fact)
    {
        if (fact.Size == 0)
        {
            return;
        }

        ulong first = fact.Base >> PageSize.Shift;
        ulong last = (fact.Base + fact.Size - 1) >> PageSize.Shift;
        _forbidden.Remove(Actor, first, last);
        bool forbids = fact.Service == CallService.Protect && ((PageProtection)fact.Type & (PageProtection.NoAccess | PageProtection.Guard)) != 0;
        _taken.SeenIf(forbids);
        if (forbids)
        {
            _forbidden.Add(Actor, first, last);
        }
    }

    public void Hear(in FaultAnswered fact)
    {
        if (fact.Status == NtStatus.GuardPageViolation)
        {
            _forbidden.Remove(Actor, fact.Vpn.Value, fact.Vpn.Value);
        }
    }

    /// <summary>Guards have moved.</summary>
    public void Hear(in StackGrown fact) => _forbidden.Remove(Actor, 0, ulong.MaxValue);

    public void Hear(in ProcessExited fact) => _forbidden.Remove(Actor, 0, ulong.MaxValue);

    public void Hear(in PageMapped fact) => Note(fact.Vpn);

    public void Hear(in ViewPageMapped fact) => Note(fact.Vpn);

    public void Hear(in PageUnmapped fact) => Forget(fact.Vpn);

    public void Hear(in ViewPageUnmapped fact) => Forget(fact.Vpn);

    public void TurnEnded()
    {
        foreach (Vpn page in _mapped)
        {
            Violated($"page {page} of {Actor} is mapped, and it may not be accessed");
        }

        _mapped.Clear();
    }

    private void Note(Vpn page)
    {
        if (_forbidden.Contains(Actor, page.Value))
        {
            _mapped.Add(page);
        }
    }

    private void Forget(Vpn page) => _left.SeenIf(_mapped.Count > 0 && _mapped.Remove(page));
}
