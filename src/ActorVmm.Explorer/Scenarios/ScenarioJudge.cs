using ActorVmm.Machine;
using ActorVmm.Protocol;
using ActorVmm.Specifications;

namespace ActorVmm.Explorer.Scenarios;

/// <summary>Every promise of the memory manager, judged anew in every execution.</summary>
internal sealed class ScenarioJudge(MachinePlan plan) : IJudge
{
    private SpecificationSuite _suite = new(plan);
    private SimulatedMachine? _machine;

    public Violation? Violation => _suite.Holds ? null : First(_suite.Violations[0]);

    public IReadOnlyList<Situation> Situations =>
        [.. _suite.Sometimes.Select(situation => new Situation(situation.Specification, situation.Name, situation.Count > 0))];

    public void Begin() => _suite = new SpecificationSuite(plan);

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts) => _suite.Heard(in turn, facts);

    /// <summary>What must hold when nothing is in flight is judged when nothing is: timers that may not fire any more are.</summary>
    public void End(long turns)
    {
        if (_machine is { ScenarioEnded: true, Host: SteppedHost { DeliverableCount: 0, PendingTimers.Length: 0 } })
        {
            _suite.Quiesced();
        }
    }

    /// <summary>Names the machine that is judged.</summary>
    public void Watch(SimulatedMachine machine) => _machine = machine;

    private static Violation First(Specifications.Judging.Violation broken) => new(broken.Specification, broken.Turn.Number, broken.Words);
}
