namespace ActorVmm.Kernel.Rules;

/// <summary>A fault does not see that its page is being read: it begins a read of its own, or takes the frame before it is filled.</summary>
internal sealed class EveryFaultReads : KernelRules
{
    public override bool JoinsRead(bool reading) => false;
}
