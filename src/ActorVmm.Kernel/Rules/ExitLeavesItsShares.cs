namespace ActorVmm.Kernel.Rules;

/// <summary>A process is gone before sections have answered it: the shares they send come back from nobody.</summary>
internal sealed class ExitLeavesItsShares : KernelRules
{
    public override bool StaysForShares(int unanswered) => false;
}
