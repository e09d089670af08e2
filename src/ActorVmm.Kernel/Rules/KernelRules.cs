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

    /// <summary>Whether the frames that the zero-page thread is zeroing can be given out meanwhile (R10).</summary>
    public virtual bool BatchIsAvailable => false;

    /// <summary>Whether a thread that has waited for memory repeats its access from the beginning (R9, R11).</summary>
    public virtual bool RepeatsAccess => true;

    /// <summary>Whether the guard is gone once a thread has been told of it (R15).</summary>
    public virtual bool TakesGuardAway => true;

    /// <summary>The rules with one of them taken out.</summary>
    public static KernelRules Without(KernelRule rule) => rule switch
    {
        KernelRule.None => Windows,
        KernelRule.RedirtiedPage => new RedirtiedPageCountsAsClean(),
        KernelRule.InPageRecheck => new ReadPageIsMappedUnseen(),
        KernelRule.ExitInFlight => new ExitLeavesItsReads(),
        KernelRule.CollidedFault => new EveryFaultReads(),
        KernelRule.ReferencedAfterWrite => new WrittenPageLeavesItsPte(),
        KernelRule.FreeDuringFault => new FreeOvertakesSoftFault(),
        KernelRule.DeletedInFlight => new DeletedPageLeavesItsTransfer(),
        KernelRule.DeletedDuringRead => new DeletedPageLeavesItsRead(),
        KernelRule.ExitWithShares => new ExitLeavesItsShares(),
        KernelRule.RepeatedAccess => new AccessGoesOnAfterItsWait(),
        KernelRule.ZeroBatch => new BatchStaysOnTheList(),
        KernelRule.RepurposedPage => new HintsAreBelieved(),
        KernelRule.ProtectDuringFault => new SoftFaultIgnoresProtection(),
        KernelRule.GuardOnce => new GuardStays(),
        KernelRule.CopyRecheck => new CopyIsTakenUnseen(),
    };

    /// <summary>Whether a page whose write has ended has to be written again (R4).</summary>
    /// <param name="dirty">Whether somebody stored to it meanwhile, or the write failed.</param>
    public virtual bool IsModifiedAfterWrite(bool dirty) => dirty;

    /// <summary>Whether a page whose write has ended stays where it is (R3).</summary>
    /// <param name="referenced">Whether a PTE maps it again, or it is locked.</param>
    public virtual bool StaysWhereItIs(bool referenced) => referenced;

    /// <summary>Whether a page that has been read is mapped for those who wait for it (R2).</summary>
    /// <param name="allowed">Whether it may be accessed by what its PTE says now.</param>
    public virtual bool IsMappedAfterRead(bool allowed) => allowed;

    /// <summary>Whether a process that ends stays for reads under way, which store into its frames (R6, R7).</summary>
    /// <param name="openReads">How many there are.</param>
    public virtual bool StaysForReads(int openReads) => openReads > 0;

    /// <summary>Whether a process that ends stays for answers of sections, which bring shares (R7, R8).</summary>
    /// <param name="unanswered">How many are under way.</param>
    public virtual bool StaysForShares(int unanswered) => unanswered > 0;

    /// <summary>Whether a fault waits for a read that is under way, instead of beginning its own (R1).</summary>
    /// <param name="reading">Whether the page is being read.</param>
    public virtual bool JoinsRead(bool reading) => reading;

    /// <summary>Whether a page is deleted only after a soft fault on it was answered (R5).</summary>
    /// <param name="underWay">Whether there is such a fault.</param>
    public virtual bool AwaitsSoftFault(bool underWay) => underWay;

    /// <summary>Whether the frame of a deleted page is kept until all transfers have ended (R6).</summary>
    /// <param name="referenced">Whether one is under way, or the frame is locked.</param>
    public virtual bool KeepsFrameOfDeletedPage(bool referenced) => referenced;

    /// <summary>Whether frame and slot of a page that is deleted while it is read stay with the read (R2, R19).</summary>
    /// <param name="reading">Whether it is being read.</param>
    public virtual bool LeavesDeletedPageToItsRead(bool reading) => reading;

    /// <summary>Whether a soft fault gets the frame that its hint names (R13).</summary>
    /// <param name="there">Whether the page is still in it.</param>
    public virtual bool IsStillThere(bool there) => there;

    /// <summary>Whether a page that a soft fault has brought leaves the working set at once (R14).</summary>
    /// <param name="forbidden">Whether it may not be accessed, or not without notice, by what its PTE says now.</param>
    public virtual bool LeavesAgain(bool forbidden) => forbidden;

    /// <summary>Whether a copy made for copy-on-write replaces the page it was made of (R16, R17).</summary>
    /// <param name="wanted">Whether the PTE still maps that page.</param>
    public virtual bool TakesCopy(bool wanted) => wanted;
}
