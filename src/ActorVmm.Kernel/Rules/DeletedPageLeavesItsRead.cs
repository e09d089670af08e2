namespace ActorVmm.Kernel.Rules;

/// <summary>A page that is deleted while it is read gives frame and slot back at once, though the read goes on.</summary>
internal sealed class DeletedPageLeavesItsRead : KernelRules
{
    public override bool LeavesDeletedPageToItsRead(bool reading) => false;
}
