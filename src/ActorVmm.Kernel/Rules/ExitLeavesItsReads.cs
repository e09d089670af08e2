namespace ActorVmm.Kernel.Rules;

/// <summary>A process is gone before its reads have ended: they end for nobody, and their frames are never given back.</summary>
internal sealed class ExitLeavesItsReads : KernelRules
{
    public override bool StaysForReads(int openReads) => false;
}
