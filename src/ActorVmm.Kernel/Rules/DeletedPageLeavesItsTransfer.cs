namespace ActorVmm.Kernel.Rules;

/// <summary>The frame of a deleted page is free at once, though the writer or a device still uses it (bug checks 0x4E and 0x76).</summary>
internal sealed class DeletedPageLeavesItsTransfer : KernelRules
{
    public override bool KeepsFrameOfDeletedPage(bool referenced) => false;
}
