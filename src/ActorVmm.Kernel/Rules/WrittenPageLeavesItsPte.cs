namespace ActorVmm.Kernel.Rules;

/// <summary>The writer puts a page on standby when it has written it, whoever has mapped it meanwhile.</summary>
internal sealed class WrittenPageLeavesItsPte : KernelRules
{
    public override bool StaysWhereItIs(bool referenced) => false;
}
