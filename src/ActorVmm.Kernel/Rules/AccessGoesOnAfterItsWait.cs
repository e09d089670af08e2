namespace ActorVmm.Kernel.Rules;

/// <summary>A thread that gets its frame goes on where it was: the page may have come, or gone, while it waited.</summary>
internal sealed class AccessGoesOnAfterItsWait : KernelRules
{
    public override bool RepeatsAccess => false;
}
