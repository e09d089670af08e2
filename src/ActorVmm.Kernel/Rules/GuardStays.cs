namespace ActorVmm.Kernel.Rules;

/// <summary>The guard stays when a thread has been told of it: the next one is told too.</summary>
internal sealed class GuardStays : KernelRules
{
    public override bool TakesGuardAway => false;
}
