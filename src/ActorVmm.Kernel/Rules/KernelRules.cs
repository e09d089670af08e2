using ActorVmm.Kernel.Rules;

namespace ActorVmm.Kernel;

/// <summary>
/// Decisions of the memory manager that races are about (fact book §17), as Windows takes them. The race laboratory replaces one at
/// a time, to see whether it would be missed. All are on slow paths: no access asks for one.
/// </summary>
public class KernelRules
{
    /// <summary>The rules as they are.</summary>
    public static KernelRules Windows { get; } = new();

    /// <summary>The rules with one of them taken out.</summary>
    public static KernelRules Without(KernelRule rule) => rule switch
    {
        KernelRule.None => Windows,
        KernelRule.RedirtiedPage => new RedirtiedPageCountsAsClean(),
        KernelRule.InPageRecheck => new ReadPageIsMappedUnseen(),
        KernelRule.ExitInFlight => new ExitLeavesItsReads(),
    };

    /// <summary>Whether a page whose write has ended has to be written again (R4).</summary>
    /// <param name="dirty">Whether somebody stored to it meanwhile, or the write failed.</param>
    public virtual bool IsModifiedAfterWrite(bool dirty) => dirty;

    /// <summary>Whether a page that has been read is mapped for those who wait for it (R2).</summary>
    /// <param name="allowed">Whether it may be accessed by what its PTE says now.</param>
    public virtual bool IsMappedAfterRead(bool allowed) => allowed;

    /// <summary>Whether a process that ends stays for reads under way, which store into its frames (R6, R7).</summary>
    /// <param name="openReads">How many there are.</param>
    public virtual bool StaysForReads(int openReads) => openReads > 0;
}
