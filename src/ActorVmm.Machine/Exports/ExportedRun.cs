using ActorVmm.Actors;
using ActorVmm.Machine.Words;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Exports;

/// <summary>Runs a plan for the sake of what other tools will read of it.</summary>
public static class ExportedRun
{
    /// <summary>Runs to the end, or until cancelled, writing as it goes.</summary>
    /// <returns>Turns written.</returns>
    public static long Write(RunPlan plan, ExportFormat format, Stream stream, TimeProvider clock, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var names = new ActorNames();
        var export = RunExport.Create(format, stream, names);
        SimulatedMachine machine = MachineBuilder.Build(
            plan.Scenario, [export], options => new DeterministicHost(options with { TurnListeners = [names, export] }));
        names.Attach(machine);
        var run = new MachineRun(machine, plan.Until, clock);
        while (!cancel.IsCancellationRequested && run.Slice() == RunState.Going)
        {
        }

        export.Complete(machine.Host.Now);
        return machine.Host.Statistics.Turns;
    }
}
