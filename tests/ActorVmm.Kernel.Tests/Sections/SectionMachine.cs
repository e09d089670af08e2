using ActorVmm.Actors;
using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Calls.NativeCalls;

namespace ActorVmm.Kernel.Tests.Sections;

/// <summary>Sections in short, on a machine of several processes.</summary>
internal static class SectionMachine
{
    private const uint AllAccess = 0xF001F;

    /// <summary>A machine of so many idle processes.</summary>
    public static TestMachine Start(int processes, uint frames = 256, MemoryPolicy? policy = null) => Started(new TestMachine(
        new MachinePlan(frames) { PagingFiles = [new PagingFilePlan(1024)], Policy = policy ?? TestMachine.Quiet },
        [.. Enumerable.Repeat(TestMachine.Idle, processes)]));

    /// <summary>Asks for a section backed by paging files; it must come into being.</summary>
    public static SectionCreated Create(
        this TestMachine machine, ulong size, SectionAttributes attributes = SectionAttributes.Commit, PageProtection protection = PageProtection.ReadWrite, uint name = 0)
    {
        SectionCreated created = machine.TryCreate(size, attributes, protection, name);
        created.Status.ShouldBe(NtStatus.Success);
        return created;
    }

    public static SectionCreated TryCreate(
        this TestMachine machine, ulong size, SectionAttributes attributes = SectionAttributes.Commit, PageProtection protection = PageProtection.ReadWrite, uint name = 0)
    {
        machine.Inject(machine.Cast.SystemSpace, new CreateSection(
            size, name, attributes, protection, 1, ActorId.Outside, FileRights.None, HandleResolution.Resolved, false, 0));
        machine.Run();
        return machine.Created;
    }

    public static void CloseHandle(this TestMachine machine, SectionCreated section)
    {
        machine.Inject(section.Section, new CountHandle(section.Object, -1));
        machine.Run();
    }

    /// <summary>Maps a view; it must succeed. Returns where.</summary>
    public static ulong Map(
        this TestMachine machine, SectionCreated section, int process = 0, PageProtection protection = PageProtection.ReadWrite, ulong size = 0, ulong commit = 0, ulong at = 0)
    {
        CallReturned mapped = machine.CallIn(process, Of(CallService.MapView, at, size, protection: (uint)protection), WordsOf(section, commit));
        mapped.Status.ShouldBe(NtStatus.Success);
        return mapped.Base;
    }

    public static IReadOnlyList<ulong> WordsOf(SectionCreated section, ulong commit = 0) =>
        [0, 0, commit, (ulong)section.Section.Value, (ulong)section.Object, (ulong)AllAccess << 32, 1, 0, 0, 0, 0];

    public static NtStatus Unmap(this TestMachine machine, ulong address, int process = 0) =>
        machine.CallIn(process, Of(CallService.UnmapView, address)).Status;

    private static TestMachine Started(TestMachine machine)
    {
        machine.Run();
        return machine;
    }
}
