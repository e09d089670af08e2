namespace ActorVmm.Kernel.Rules;

/// <summary>Pages are deleted under a soft fault whose answer is on its way.</summary>
internal sealed class FreeOvertakesSoftFault : KernelRules
{
    public override bool AwaitsSoftFault(bool underWay) => false;
}
