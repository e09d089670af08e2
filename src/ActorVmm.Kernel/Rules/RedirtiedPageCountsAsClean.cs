namespace ActorVmm.Kernel.Rules;

/// <summary>What was stored while the page was being written is forgotten when the write ends: the page goes to standby, and reuse loses the store (Linux 1cf35d47712d).</summary>
internal sealed class RedirtiedPageCountsAsClean : KernelRules
{
    public override bool IsModifiedAfterWrite(bool dirty) => false;
}
