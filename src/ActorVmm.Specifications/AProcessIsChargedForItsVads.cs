namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §28, I6: what a process is charged is what its VADs are charged: <c>private commit = Σ VAD charges</c>, and a VAD is
/// charged for no more than its pages. Judged for a process from its first <see cref="VadCommitChanged"/> on.
/// </summary>
public sealed class AProcessIsChargedForItsVads : Specification, IHear<VadCommitChanged>, IHear<ProcessCommitChanged>, IHear<ProcessExited>, IJudgeTurns
{
    private readonly FlatMap<ulong> _charges = new();
    private readonly FlatMap<Sum> _sums = new();
    private readonly Situation _changed;
    private readonly Situation _gone;
    private bool _judge;

    public AProcessIsChargedForItsVads()
        : base(nameof(AProcessIsChargedForItsVads), "a process is charged for exactly what its VADs are charged")
    {
        _changed = Sometimes("a VAD's charge changed");
        _gone = Sometimes("a VAD went");
    }

    public void Hear(in VadCommitChanged fact)
    {
        _judge = true;
        if (fact.Charge > fact.Pages)
        {
            Violated($"the VAD at page {fact.Start} is charged for {fact.Charge} pages, and has {fact.Pages}");
        }

        ref Sum sum = ref _sums.Put(Actor.Value, 0);
        int before = _charges.Count;
        ref ulong charge = ref _charges.Put(Actor.Value, fact.Start.Value);
        sum.Vads += _charges.Count - before;
        sum.Charge = unchecked(sum.Charge - charge + fact.Charge);
        charge = fact.Charge;
        _changed.Seen();
        if (fact.Pages == 0)
        {
            _charges.Remove(Actor.Value, fact.Start.Value);
            sum.Vads--;
            _gone.Seen();
        }
    }

    public void Hear(in ProcessCommitChanged fact) => _judge = true;

    public void Hear(in ProcessExited fact)
    {
        ref Sum sum = ref _sums.Put(Actor.Value, 0);
        if (sum.Vads != 0)
        {
            Violated($"{Actor} exited with {sum.Vads} VADs");
        }
    }

    public void TurnEnded()
    {
        if (!_judge)
        {
            return;
        }

        _judge = false;
        ref Sum sum = ref _sums.Find(Actor.Value, 0);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref sum))
        {
            return;
        }

        ulong stated = Known.Processes[Actor].PrivateCommit;
        if (sum.Charge != stated)
        {
            Violated($"{Actor} is charged for {stated} private pages, and its {sum.Vads} VADs for {sum.Charge}");
        }
    }

    private struct Sum
    {
        public ulong Charge;
        public int Vads;
    }
}
