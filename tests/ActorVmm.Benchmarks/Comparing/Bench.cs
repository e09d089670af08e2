using ActorVmm.Actors;
using ActorVmm.Kernel;
using ActorVmm.Machine;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Specifications;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Benchmarks.Comparing;

/// <summary>A machine to be measured, on the deterministic host.</summary>
internal sealed class Bench
{
    private readonly SpecificationSuite? _specifications;

    public Bench(MachinePlan machine, OperatorPlan plan, bool specifications = false)
    {
        _specifications = specifications ? new SpecificationSuite(machine) : null;
        var scenario = new Scenario { Name = "benchmark", Path = "", Sha256 = "", Seed = 1, Machine = machine, Operator = plan };
        IReadOnlyList<IFactListener> listeners = _specifications is null ? [] : [_specifications];
        Machine = MachineBuilder.Build(scenario, listeners);
    }

    public SimulatedMachine Machine { get; }

    public Process Process => Machine.Processes[0];

    public long Faults(FaultKind kind) => Machine.Processes.Sum(process => process.Faults.IsEmpty ? 0 : process.Faults[(int)kind]);

    /// <summary>Takes this many turns; all there are when left out.</summary>
    public void Run(long? turns = null)
    {
        RunOutcome outcome = Machine.Host.Run(maxTurns: turns);
        if (turns is not null && outcome != RunOutcome.TurnsReached)
        {
            throw new InvalidOperationException("the machine ran out of work while it was measured");
        }

        if (_specifications is { Holds: false })
        {
            throw new InvalidOperationException(string.Join(Environment.NewLine, _specifications.Violations.Take(5)));
        }
    }
}
