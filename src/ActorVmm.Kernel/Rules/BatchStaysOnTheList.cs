namespace ActorVmm.Kernel.Rules;

/// <summary>The batch that is being zeroed stays on the free list: frames are given out and zeroed afterwards (ReactOS PR 9506).</summary>
internal sealed class BatchStaysOnTheList : KernelRules
{
    public override bool BatchIsAvailable => true;
}
