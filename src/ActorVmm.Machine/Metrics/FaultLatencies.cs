using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Metrics;

/// <summary>
/// How long threads waited for their faults, by kind: from the turn that dispatched the fault first to the turn in which the
/// thread could go on. Heard from facts, and only attached when somebody asks.
/// </summary>
public sealed class FaultLatencies : IFactListener
{
    private readonly Dictionary<(ActorId Process, int Thread), Open> _open = [];
    private readonly LatencyHistogram[] _byKind = [.. Enum.GetValues<FaultKind>().Select(_ => new LatencyHistogram())];

    public LatencyHistogram this[FaultKind kind] => _byKind[(int)kind];

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        foreach (ref readonly Fact fact in facts)
        {
            switch (fact.Kind)
            {
                case FaultOpened.Kind:
                    _open[(turn.Actor, fact.Read<FaultOpened>().Thread)] = new Open(turn.Now, null);
                    break;
                case FaultCounted.Kind:
                    Counted(turn.Actor, fact.Read<FaultCounted>());
                    break;
                case FaultAnswered.Kind:
                    Answered(turn, fact.Read<FaultAnswered>().Thread);
                    break;
            }
        }
    }

    private void Counted(ActorId process, FaultCounted counted)
    {
        // A page-table fault is counted within a fault of another kind, whose latency includes it.
        if (counted.FaultKind != FaultKind.PageTable && _open.TryGetValue((process, counted.Thread), out Open open))
        {
            _open[(process, counted.Thread)] = open with { Fault = counted.FaultKind };
        }
    }

    private void Answered(in TurnStamp turn, int thread)
    {
        if (_open.Remove((turn.Actor, thread), out Open open) && open.Fault is { } kind)
        {
            _byKind[(int)kind].Add(turn.Now - open.Since);
        }
    }

    private readonly record struct Open(Ticks Since, FaultKind? Fault);
}
