using ActorVmm.Actors;
using ActorVmm.Kernel;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Operators;
using ActorVmm.Protocol;

namespace ActorVmm.Machine;

/// <summary>
/// Makes the processes that the operator starts, and remembers them by serial number: a host forgets an actor that has stopped,
/// and its counters are wanted at the end.
/// </summary>
internal sealed class ProcessFactory(ProcessEnvironment environment) : IProcessFactory
{
    private readonly List<Process> _bySerial = [];

    /// <summary>Every process ever started, in order of start.</summary>
    public IReadOnlyList<Process> Started => _bySerial;

    /// <summary>A process that nobody starts: its state is about to be restored.</summary>
    public Process Make(ProcessPlan plan, int serial) => new(environment, plan, serial);

    public IActor Create(ProcessPlan plan, int serial)
    {
        Process process = Make(plan, serial);
        if (serial < _bySerial.Count)
        {
            // The machine was taken back to before this process was started.
            _bySerial[serial] = process;
        }
        else
        {
            Invariant.Holds(serial == _bySerial.Count, "processes are started in the order of their serial numbers");
            _bySerial.Add(process);
        }

        return process;
    }

    /// <summary>These have been started where the machine has been taken.</summary>
    public void Resume(IReadOnlyList<Process> started)
    {
        _bySerial.Clear();
        _bySerial.AddRange(started);
    }

    public Role RoleOf(ProcessPlan plan) => new(plan.Priority, Placement.Processor);
}
