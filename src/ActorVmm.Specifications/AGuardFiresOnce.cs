using ActorVmm.Specifications.Known;

namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §12 and §17, R15: the first touch of a guard page takes the guard away, whoever else touches it at that moment; only a call, or the
/// growth of a stack, puts it back.
/// </summary>
public sealed class AGuardFiresOnce : Specification, IHear<FaultAnswered>, IHear<CallCompleted>, IHear<StackGrown>, IHear<ProcessExited>
{
    private readonly PageRanges _fired = new();
    private readonly Situation _guard;
    private readonly Situation _back;

    public AGuardFiresOnce()
        : base(nameof(AGuardFiresOnce), "a guard page tells one thread of its first touch, and no other")
    {
        _guard = Sometimes("a guard page was touched");
        _back = Sometimes("a page that had fired was given to a call");
    }

    public void Hear(in FaultAnswered fact)
    {
        if (fact.Status != NtStatus.GuardPageViolation)
        {
            return;
        }

        _guard.Seen();
        if (_fired.Contains(Actor, fact.Vpn.Value))
        {
            Violated($"thread {fact.Thread} of {Actor} met a guard on page {fact.Vpn}, and somebody had taken it away already");
            return;
        }

        _fired.Add(Actor, fact.Vpn.Value, fact.Vpn.Value);
    }

    public void Hear(in CallCompleted fact)
    {
        if (fact.Size > 0)
        {
            Forget(fact.Base >> PageSize.Shift, (fact.Base + fact.Size - 1) >> PageSize.Shift);
        }
    }

    /// <summary>Guards have moved.</summary>
    public void Hear(in StackGrown fact) => Forget(0, ulong.MaxValue);

    public void Hear(in ProcessExited fact) => Forget(0, ulong.MaxValue);

    private void Forget(ulong first, ulong last) => _back.SeenIf(_fired.Remove(Actor, first, last));
}
