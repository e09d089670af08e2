namespace ActorVmm.Kernel.Rules;

/// <summary>A soft fault maps its page although its protection has changed meanwhile.</summary>
internal sealed class SoftFaultIgnoresProtection : KernelRules
{
    public override bool LeavesAgain(bool forbidden) => false;
}
