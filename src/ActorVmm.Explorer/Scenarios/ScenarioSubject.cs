using ActorVmm.Machine;
using ActorVmm.Machine.Timelines;
using ActorVmm.Machine.Words;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Explorer.Scenarios;

/// <summary>
/// A whole scenario, system actors included: the same actors as in a run, judged by the same promises. A thread's quantum is one
/// access, and which thread runs next is a choice.
/// </summary>
/// <param name="scenario">What to explore.</param>
/// <param name="command">What names it on the command line.</param>
/// <param name="without">A rule of the kernel that is taken out, so that a race of it can be found.</param>
public sealed class ScenarioSubject(Scenario scenario, string command, KernelRule without = KernelRule.None) : ISubject
{
    public string Name => scenario.Path;

    public string Command => command;

    /// <summary>A scenario as it is explored.</summary>
    /// <param name="scenario">As it is run.</param>
    /// <param name="without">A rule of the kernel that is taken out.</param>
    public static Scenario Explored(Scenario scenario, KernelRule without = KernelRule.None)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        MachinePlan plan = scenario.Machine;
        return scenario with { Machine = plan with { Policy = plan.Policy with { Quantum = 1, ChooseThreads = true, Without = without } } };
    }

    public SubjectMachine Build(SteppedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Scenario explored = Explored(scenario, without);
        ScenarioJudge judge = new(explored.Machine);

        // Processes that have ended are known by what was heard of their births, where somebody listens to turns at all.
        ActorNames names = new();
        SimulatedMachine machine = MachineBuilder.Build(explored, [judge, .. options.FactListeners], given => new SteppedHost(options with
        {
            Processors = given.Processors, Seed = given.Seed, FactListeners = given.FactListeners, Outside = given.Outside,
            TurnListeners = options.TurnListeners.Count > 0 ? [.. options.TurnListeners, names] : [],
        }));
        judge.Watch(machine);
        names.Attach(machine);
        return new SubjectMachine((SteppedHost)machine.Host, judge) { First = new MachineState(machine), Shared = machine.Contents, NameOf = names.NameOf };
    }

    /// <summary>Actors, memory, and what is kept beside them.</summary>
    private sealed class MachineState(SimulatedMachine machine) : IFirstState
    {
        private readonly MachineCheckpoint _start = new();

        public void Save() => _start.Save(machine);

        public void Restore() => _start.Restore(machine);
    }
}
