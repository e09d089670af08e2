using ActorVmm.Kernel.Tests.Calls;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>Operations on the pages of a process's one region, counted from 0.</summary>
internal static class Step
{
    /// <summary>Where the region begins.</summary>
    public const ulong Region = 0x10_0000;

    public static Vpn Vpn(int page) => new VirtualAddress(Address(page)).Page;

    public static Operation Load(int page) => new(OperationKind.Read, Address(page), 1);

    public static Operation Store(int page) => new(OperationKind.Write, Address(page), 1);

    public static Operation Execute(int page) => new(OperationKind.Execute, Address(page), 1);

    /// <summary>Reserves and commits the whole region.</summary>
    public static Operation Allocate(int pages, PageProtection protection = PageProtection.ReadWrite) =>
        new(OperationKind.ReserveCommit, Region, Bytes(pages), protection);

    public static Operation Reserve(int pages) => new(OperationKind.Reserve, Region, Bytes(pages), PageProtection.ReadWrite);

    public static Operation Commit(int page, int pages, PageProtection protection = PageProtection.ReadWrite) =>
        new(OperationKind.Commit, Address(page), Bytes(pages), protection);

    public static Operation Decommit(int page, int pages = 1) => new(OperationKind.Decommit, Address(page), Bytes(pages));

    public static Operation Release() => new(OperationKind.Release, Region);

    public static Operation Protect(int page, PageProtection protection, int pages = 1) =>
        new(OperationKind.Protect, Address(page), Bytes(pages), protection);

    /// <summary>Shows the whole section where the region would be.</summary>
    public static Operation Map(StagedSection section, PageProtection protection = PageProtection.ReadWrite) =>
        new ViewOperation(Region, (uint)section.Name, Offset: 0, Pages: 0).With(protection);

    public static Operation Unmap() => new(OperationKind.UnmapView, Region);

    public static BeginCall Lock(int page, int pages = 1) =>
        NativeCalls.Of(CallService.Lock, Address(page), Bytes(pages), type: 1);

    public static BeginCall Reset(int page, int pages = 1) =>
        NativeCalls.Allocate(Address(page), Bytes(pages), AllocationType.Reset);

    public static BeginCall FlushView(int page, int pages = 1) => NativeCalls.Of(CallService.FlushView, Address(page), Bytes(pages));

    /// <summary>NtReadFile into a page; the file and its file object are the words of the call.</summary>
    public static BeginCall ReadFile(int page, int bytes) => NativeCalls.Of(CallService.ReadFile, Address(page), (ulong)bytes);

    public static BeginCall WriteFile(int page, int bytes) => NativeCalls.Of(CallService.WriteFile, Address(page), (ulong)bytes);

    public static Operation Sleep() => new(OperationKind.Idle, 0, 1_000);

    public static Operation Exit() => new(OperationKind.Exit, 0);

    private static ulong Address(int page) => Region + ((ulong)page * PageSize.Bytes);

    private static ulong Bytes(int pages) => (ulong)pages * PageSize.Bytes;
}
