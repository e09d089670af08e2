namespace ActorVmm.Kernel.Rules;

/// <summary>A copy is mapped when it is made, although the page it was made of may have gone meanwhile.</summary>
internal sealed class CopyIsTakenUnseen : KernelRules
{
    public override bool TakesCopy(bool wanted) => true;
}
