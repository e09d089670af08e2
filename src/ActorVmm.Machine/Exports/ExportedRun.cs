using ActorVmm.Actors;
using ActorVmm.Journal;
using ActorVmm.Journal.Reading;
using ActorVmm.Machine.Timelines;
using ActorVmm.Machine.Words;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

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

    /// <summary>Takes a recorded run again, to the end of its journal or until cancelled, writing as it goes.</summary>
    /// <param name="run">The run.</param>
    /// <param name="scenario">What was run; disposed of.</param>
    /// <param name="format">What to write.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="clock">Unused by the run.</param>
    /// <param name="cancel">Stops soon.</param>
    /// <returns>Turns written.</returns>
    /// <exception cref="RunDivergedException">It is not what was recorded.</exception>
    public static long Write(RecordedRun run, Scenario scenario, ExportFormat format, Stream stream, TimeProvider clock, CancellationToken cancel)
    {
        const long Slice = 1 << 14;
        var names = new ActorNames();
        var export = RunExport.Create(format, stream, names);
        using RecordedSource source = RecordedTimeline.SourceOf(run, scenario, clock);
        SimulatedMachine machine = source.Build([export], [names, export]);
        names.Attach(machine);
        bool stopped = false;
        for (long left = source.Deliveries; left > 0 && !stopped && !cancel.IsCancellationRequested; left = source.Deliveries - machine.Host.Statistics.Turns)
        {
            try
            {
                source.Run(null, Math.Min(left, Slice));
            }
            catch (MachineStoppedException)
            {
                // So it was when it was recorded: it is the last turn, and listeners do not hear of it.
                stopped = true;
            }
        }

        export.Complete(machine.Host.Now);
        return machine.Host.Statistics.Turns;
    }
}
