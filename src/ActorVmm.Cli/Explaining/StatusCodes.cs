using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;

namespace ActorVmm.Cli.Explaining;

/// <summary>A result of a call or an access, in words.</summary>
/// <param name="Status">Its number.</param>
/// <param name="When">When it occurs.</param>
/// <param name="Places">Files under <c>src</c> that give it; empty where the kernel only knows the number.</param>
internal sealed record StatusCode(NtStatus Status, string When, params string[] Places)
{
    /// <summary>What Windows calls it.</summary>
    public string Name => StatusNames.NameOf(Status);
}

/// <summary>Every status that the machine knows (fact book §5), with when it occurs and where in the source it is given.</summary>
internal static class StatusCodes
{
    public static IReadOnlyList<StatusCode> All { get; } =
    [
        new(NtStatus.Success, "The call did what was asked, or the access got its page.", "ActorVmm.Kernel/Calls/AllocationChecks.cs", "ActorVmm.Kernel/Calls/CallChecks.cs", "ActorVmm.Kernel/Calls/Touching.cs"),
        new(NtStatus.Pending, "The operation is under way and will be answered later."),
        new(NtStatus.ObjectNameExists, "An object of that name was there already and was opened instead of made.", "ActorVmm.Kernel/SystemSpaces/SectionServices.cs"),
        new(NtStatus.WorkingSetLimitRange, "The working-set limits were brought into the range that the system allows."),
        new(NtStatus.ImageNotAtBase, "An image was mapped, but not at the address it prefers, so it has to be relocated.", "ActorVmm.Kernel/Calls/MapView.cs"),
        new(NtStatus.ImageMachineTypeMismatch, "An image was mapped that is made for another processor."),
        new(NtStatus.WasLocked, "Some of the pages to be locked were locked already.", "ActorVmm.Kernel/Calls/Locking.cs"),
        new(NtStatus.GuardPageViolation, "A guard page was touched for the first time; the guard is gone now, and a stack grows by it.", "ActorVmm.Kernel/Calls/Visitors.cs", "ActorVmm.Kernel/Faults/StackGrowth.cs"),
        new(NtStatus.BufferOverflow, "The buffer was filled, and there was more to say."),
        new(NtStatus.PartialCopy, "Only a part of the bytes could be copied: the rest of the range cannot be accessed."),
        new(NtStatus.InvalidInfoClass, "The query asks for a kind of information that there is not."),
        new(NtStatus.InfoLengthMismatch, "The buffer has not the size of what is asked for."),
        new(NtStatus.AccessViolation, "An access to an address that is reserved but not committed, not allocated at all, or protected against it (a store to a read-only page, a fetch from one without the right to execute).", "ActorVmm.Kernel/Calls/CallChecks.cs", "ActorVmm.Kernel/Sections/PrototypeFaults.cs", "ActorVmm.Kernel/Calls/AllocationChecks.cs"),
        new(NtStatus.InPageError, "A page could not be read from its paging file or file: the device failed, and the thread that faulted is told.", "ActorVmm.Kernel/Sections/PrototypeReads.cs", "ActorVmm.Kernel/Faults/HardPageFault.cs"),
        new(NtStatus.PagefileQuota, "The process has used up what it may take of the paging files."),
        new(NtStatus.InvalidHandle, "The handle names nothing.", "ActorVmm.Kernel/Calls/MemoryRequest.cs", "ActorVmm.Kernel/Sections/SectionChecks.cs", "ActorVmm.Kernel/Sections/SegmentViews.cs"),
        new(NtStatus.BadInitialStack, "The initial stack of a thread cannot be used."),
        new(NtStatus.InvalidParameter, "A parameter has a value that no call of this kind takes.", "ActorVmm.Kernel/Calls/AllocationChecks.cs", "ActorVmm.Kernel/Calls/CallChecks.cs", "ActorVmm.Kernel/Calls/MappedFiles.cs"),
        new(NtStatus.EndOfFile, "A read begins behind the end of the file.", "ActorVmm.Kernel/Files/FileInput.cs"),
        new(NtStatus.NoMemory, "No hole of the size asked for is left in the address space.", "ActorVmm.Kernel/Calls/AllocationChecks.cs", "ActorVmm.Kernel/Calls/ViewChecks.cs", "ActorVmm.Kernel/SystemSpaces/SectionServices.cs"),
        new(NtStatus.ConflictingAddresses, "The range is taken already, or lies not inside one allocation.", "ActorVmm.Kernel/Calls/AllocationChecks.cs", "ActorVmm.Kernel/Calls/CallChecks.cs", "ActorVmm.Kernel/Calls/ViewChecks.cs"),
        new(NtStatus.NotMappedView, "No view of a section begins or lies there.", "ActorVmm.Kernel/Calls/MappedFiles.cs", "ActorVmm.Kernel/Calls/UnmapView.cs"),
        new(NtStatus.UnableToFreeVm, "The range cannot be freed: it is no private memory.", "ActorVmm.Kernel/Calls/CallChecks.cs"),
        new(NtStatus.UnableToDeleteSection, "A view cannot be freed as if it were private memory: it is unmapped instead.", "ActorVmm.Kernel/Calls/CallChecks.cs"),
        new(NtStatus.InvalidViewSize, "The view is larger than what is left of the section behind its offset.", "ActorVmm.Kernel/Sections/SegmentViews.cs"),
        new(NtStatus.InvalidFileForSection, "The file cannot carry a section.", "ActorVmm.Kernel/Files/FileSegments.cs", "ActorVmm.Kernel/Sections/SectionChecks.cs"),
        new(NtStatus.AlreadyCommitted, "Pages of the range are committed already.", "ActorVmm.Kernel/Calls/ViewPages.cs"),
        new(NtStatus.AccessDenied, "The handle, or the object, does not allow what is asked for.", "ActorVmm.Kernel/Calls/MemoryRequest.cs", "ActorVmm.Kernel/Calls/ViewChecks.cs", "ActorVmm.Kernel/Files/FileInput.cs"),
        new(NtStatus.ObjectTypeMismatch, "The handle names an object of another type.", "ActorVmm.Kernel/Calls/MemoryRequest.cs", "ActorVmm.Kernel/Sections/SectionChecks.cs"),
        new(NtStatus.NotLocked, "Some page of the range to be unlocked is not locked.", "ActorVmm.Kernel/Calls/Locking.cs"),
        new(NtStatus.NotCommitted, "Some page of the range is reserved only, and what is asked for needs committed ones.", "ActorVmm.Kernel/Calls/CallChecks.cs", "ActorVmm.Kernel/Calls/ViewPages.cs"),
        new(NtStatus.ObjectNameNotFound, "There is no object of that name.", "ActorVmm.Kernel/Files/FileRequests.cs", "ActorVmm.Kernel/Sections/SectionObjects.cs", "ActorVmm.Kernel/SystemSpaces/SectionServices.cs"),
        new(NtStatus.ObjectPathSyntaxBad, "The name is no path of an object.", "ActorVmm.Kernel/SystemSpaces/SectionServices.cs"),
        new(NtStatus.SectionTooBig, "The section is larger than its file allows, or than any section may be.", "ActorVmm.Kernel/Files/FileSegments.cs", "ActorVmm.Kernel/Sections/SectionChecks.cs"),
        new(NtStatus.SharingViolation, "Somebody else has the file open in a way that forbids this."),
        new(NtStatus.QuotaExceeded, "A quota of the process is used up."),
        new(NtStatus.InvalidPageProtection, "The protection is no valid combination, or not one for this kind of memory.", "ActorVmm.Kernel/Calls/AllocationChecks.cs", "ActorVmm.Kernel/Calls/CallChecks.cs", "ActorVmm.Kernel/Calls/ViewChecks.cs"),
        new(NtStatus.SectionNotImage, "The section is not made of an image, and the call is about images."),
        new(NtStatus.IncompatibleFileMap, "The section cannot be mapped in this way.", "ActorVmm.Kernel/Calls/CallChecks.cs"),
        new(NtStatus.SectionProtection, "The protection gives more than the section was made with.", "ActorVmm.Kernel/Calls/CallChecks.cs", "ActorVmm.Kernel/Calls/ViewPages.cs", "ActorVmm.Kernel/Sections/SegmentViews.cs"),
        new(NtStatus.DeletePending, "The file is being deleted.", "ActorVmm.Kernel/Files/FileRequests.cs"),
        new(NtStatus.PrivilegeNotHeld, "The call needs a privilege that the caller has not.", "ActorVmm.Kernel/Calls/AllocationChecks.cs", "ActorVmm.Kernel/Calls/CallChecks.cs", "ActorVmm.Kernel/Sections/SectionChecks.cs"),
        new(NtStatus.InvalidImageFormat, "The file is not a well-formed image.", "ActorVmm.Kernel/Sections/ImageHeaders.cs"),
        new(NtStatus.DiskFull, "The disk has no room left.", "ActorVmm.Kernel/Files/FileInput.cs", "ActorVmm.Kernel/Files/FileRequests.cs"),
        new(NtStatus.SectionNotExtended, "The section could not be made larger."),
        new(NtStatus.NotMappedData, "The address is not one of a mapped file.", "ActorVmm.Kernel/Calls/MappedFiles.cs"),
        new(NtStatus.TooManyPagingFiles, "There are sixteen paging files already."),
        new(NtStatus.InsufficientResources, "The kernel itself has no memory for this."),
        new(NtStatus.DeviceDataError, "The device could not read or write the data.", "ActorVmm.Kernel/Files/FileTransfers.cs", "ActorVmm.Kernel/PagingFiles/PagingFile.cs"),
        new(NtStatus.DeviceNotConnected, "The device has gone away.", "ActorVmm.Kernel/PagingFiles/PagingFile.cs"),
        new(NtStatus.FreeVmNotAtBase, "A whole allocation is released by its base, and this is none.", "ActorVmm.Kernel/Calls/CallChecks.cs"),
        new(NtStatus.MemoryNotAllocated, "Nothing is allocated there.", "ActorVmm.Kernel/Calls/CallChecks.cs"),
        new(NtStatus.WorkingSetQuota, "The working set has no room for what is to be locked.", "ActorVmm.Kernel/Calls/Locking.cs"),
        new(NtStatus.NotSupported, "This is not supported."),
        new(NtStatus.NotSameDevice, "The two addresses are not of the same file.", "ActorVmm.Kernel/Calls/MappedFiles.cs"),
        new(NtStatus.InvalidUserBuffer, "The buffer of the call cannot be accessed."),
        new(NtStatus.InvalidParameter1, "The first parameter of the call has a value that it cannot have.", "ActorVmm.Kernel/Calls/CallChecks.cs"),
        new(NtStatus.InvalidParameter2, "The second parameter of the call has a value that it cannot have.", "ActorVmm.Kernel/Calls/CallChecks.cs", "ActorVmm.Kernel/Calls/AllocationChecks.cs"),
        new(NtStatus.InvalidParameter3, "The third parameter of the call has a value that it cannot have.", "ActorVmm.Kernel/Calls/CallChecks.cs", "ActorVmm.Kernel/Calls/AllocationChecks.cs", "ActorVmm.Kernel/Calls/ViewChecks.cs"),
        new(NtStatus.InvalidParameter4, "The fourth parameter of the call has a value that it cannot have.", "ActorVmm.Kernel/Calls/CallChecks.cs", "ActorVmm.Kernel/Calls/AllocationChecks.cs", "ActorVmm.Kernel/Calls/ViewChecks.cs"),
        new(NtStatus.InvalidParameter5, "The fifth parameter of the call has a value that it cannot have.", "ActorVmm.Kernel/Calls/AllocationChecks.cs", "ActorVmm.Kernel/Calls/CallChecks.cs", "ActorVmm.Kernel/Sections/SegmentViews.cs"),
        new(NtStatus.InvalidParameter6, "The sixth parameter of the call has a value that it cannot have.", "ActorVmm.Kernel/Calls/AllocationChecks.cs", "ActorVmm.Kernel/Calls/CallChecks.cs", "ActorVmm.Kernel/Sections/SectionChecks.cs"),
        new(NtStatus.InvalidParameter7, "The seventh parameter of the call has a value that it cannot have."),
        new(NtStatus.InvalidParameter8, "The eighth parameter of the call has a value that it cannot have.", "ActorVmm.Kernel/Calls/ViewChecks.cs"),
        new(NtStatus.InvalidParameter9, "The ninth parameter of the call has a value that it cannot have.", "ActorVmm.Kernel/Calls/ViewChecks.cs", "ActorVmm.Kernel/Sections/SegmentViews.cs"),
        new(NtStatus.InvalidParameter10, "The tenth parameter of the call has a value that it cannot have."),
        new(NtStatus.StackOverflow, "A stack has grown to its end: the last guard page was touched.", "ActorVmm.Kernel/Faults/StackGrowth.cs"),
        new(NtStatus.ProcessIsTerminating, "The process ends while the operation was under way or before it began.", "ActorVmm.Kernel/AddressSpaces/ProcessExit.cs", "ActorVmm.Kernel/Calls/Visitors.cs"),
        new(NtStatus.MappedFileSizeZero, "An empty file cannot be mapped.", "ActorVmm.Kernel/Files/FileSegments.cs"),
        new(NtStatus.CannotDelete, "The file or section cannot be deleted."),
        new(NtStatus.FileDeleted, "The file has been deleted.", "ActorVmm.Kernel/Files/FileSegments.cs"),
        new(NtStatus.PagefileQuotaExceeded, "The process may not commit any more: its own limit of private commit is reached.", "ActorVmm.Kernel/Calls/MapView.cs", "ActorVmm.Kernel/Calls/MemoryCallWaits.cs"),
        new(NtStatus.CommitmentLimit, "The machine may not promise any more: commit has reached memory and paging files together.", "ActorVmm.Kernel/SystemSpaces/SystemSpace.cs"),
        new(NtStatus.InvalidImageNotMz, "The file does not begin as an image does.", "ActorVmm.Kernel/Sections/ImageHeaders.cs"),
        new(NtStatus.InvalidAddress, "The address lies outside of what user mode may name.", "ActorVmm.Kernel/Calls/MappedFiles.cs", "ActorVmm.Kernel/Calls/MemoryQuery.cs"),
        new(NtStatus.NoPagefile, "There is no paging file."),
        new(NtStatus.MappedAlignment, "The base or the offset is not a multiple of 64 KB.", "ActorVmm.Kernel/Calls/ViewChecks.cs"),
        new(NtStatus.UserMappedFile, "The file cannot be made shorter: somebody has mapped it.", "ActorVmm.Kernel/Files/FileRequests.cs"),
        new(NtStatus.CommitmentMinimum, "Commit has come close to its limit, and only small requests are granted."),
    ];

    /// <summary>The status of a number; null when the machine knows none.</summary>
    public static StatusCode? Find(uint number) => All.FirstOrDefault(code => (uint)code.Status == number);
}
