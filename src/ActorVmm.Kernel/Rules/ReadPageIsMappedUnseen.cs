namespace ActorVmm.Kernel.Rules;

/// <summary>Nobody looks again after the wait: a page is mapped although its protection has changed meanwhile.</summary>
internal sealed class ReadPageIsMappedUnseen : KernelRules
{
    public override bool IsMappedAfterRead(bool allowed) => true;
}
