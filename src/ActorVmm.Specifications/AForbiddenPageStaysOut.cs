namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §4.3 and §17, R2 and R14: once a call has taken access to pages away, or put a guard on them, none of them is mapped until it may be
/// accessed again: not by a read that began before, nor by a soft fault that was answered before. In flight: what a turn maps it may unmap itself.
/// </summary>
public sealed class AForbiddenPageStaysOut
    : Specification, IHear<CallCompleted>, IHear<FaultAnswered>, IHear<StackGrown>, IHear<ProcessExited>, IHear<PageMapped>, IHear<PageUnmapped>,
        IHear<ViewPageMapped>, IHear<ViewPageUnmapped>, IJudgeTurns
{
    private readonly List<Forbidden> _ranges = [];
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
        Allow(first, last);
        bool forbids = fact.Service == CallService.Protect && ((PageProtection)fact.Type & (PageProtection.NoAccess | PageProtection.Guard)) != 0;
        _taken.SeenIf(forbids);
        if (forbids)
        {
            _ranges.Add(new Forbidden(Actor, first, last));
        }
    }

    public void Hear(in FaultAnswered fact)
    {
        if (fact.Status == NtStatus.GuardPageViolation)
        {
            Allow(fact.Vpn.Value, fact.Vpn.Value);
        }
    }

    /// <summary>Guards have moved.</summary>
    public void Hear(in StackGrown fact) => Allow(0, ulong.MaxValue);

    public void Hear(in ProcessExited fact) => Allow(0, ulong.MaxValue);

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
        if (_ranges.Count > 0 && IsForbidden(page.Value))
        {
            _mapped.Add(page);
        }
    }

    private void Forget(Vpn page) => _left.SeenIf(_mapped.Count > 0 && _mapped.Remove(page));

    private bool IsForbidden(ulong page)
    {
        foreach (Forbidden range in _ranges)
        {
            if (range.Process == Actor && page >= range.First && page <= range.Last)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What is forbidden of these pages of the process is not any more.</summary>
    private void Allow(ulong first, ulong last)
    {
        for (int at = _ranges.Count - 1; at >= 0; at--)
        {
            Forbidden range = _ranges[at];
            if (range.Process != Actor || range.Last < first || range.First > last)
            {
                continue;
            }

            _ranges.RemoveAt(at);
            if (range.First < first)
            {
                _ranges.Add(range with { Last = first - 1 });
            }

            if (range.Last > last)
            {
                _ranges.Add(range with { First = last + 1 });
            }
        }
    }

    private readonly record struct Forbidden(ActorId Process, ulong First, ulong Last);
}
