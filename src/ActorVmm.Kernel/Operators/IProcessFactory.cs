namespace ActorVmm.Kernel.Operators;

/// <summary>Makes the actors that an <see cref="Operator"/> starts. It is called in the operator's turn and holds no state that changes.</summary>
public interface IProcessFactory
{
    /// <summary>A process that has not run yet.</summary>
    /// <param name="plan">What it is to do.</param>
    /// <param name="serial">Its number among all processes of the run, from 0; it names itself by it to the operator.</param>
    IActor Create(ProcessPlan plan, int serial);

    /// <summary>How hosts should run it.</summary>
    Role RoleOf(ProcessPlan plan);
}
