using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Calls.NativeCalls;
using static ActorVmm.Protocol.AllocationType;

namespace ActorVmm.Kernel.Tests.Calls;

/// <summary>What differs between processors and Windows versions (fact book §2, §6, version profile).</summary>
public sealed class ArchitectureTests
{
    private static readonly Platform X86 = new() { Architecture = ProcessorArchitecture.X86 };

    // Page tables beside the page itself: two levels, three, four.
    [Theory]
    [InlineData(ProcessorArchitecture.X86, 2)]
    [InlineData(ProcessorArchitecture.X86Pae, 2)] // of the three levels the top one is a directory too
    [InlineData(ProcessorArchitecture.X64, 4)]
    public void EveryLevelIsAPage(ProcessorArchitecture architecture, int tables)
    {
        var machine = TestMachine.On(new Platform { Architecture = architecture });
        machine.Allocate(0x7000_0000, 2);
        machine.Poke(0x7000_1000, 5);
        tables += architecture == ProcessorArchitecture.X86Pae ? 1 : 0;
        machine.Processes[0].Inspect().PageTables.ShouldBe(tables);
        machine.Processes[0].Walk(new Vpn(0x7_0001)).Steps.Count.ShouldBe(tables);
        machine.Trim();
        machine.WriteOut();
        machine.Trim();
        machine.WriteOut();
        machine.Peek(0x7000_1000).ShouldBe(5UL);
        machine.EndsAtTheBaseline();
    }

    // The table of a page lies where its PTE lies: 4 bytes an entry, or 8.
    [Theory]
    [InlineData(ProcessorArchitecture.X86, 0x7FFD_F000, 0xFFFF_FFFF_C01F_F000, 0xFFFF_FFFF_C030_0000)]
    [InlineData(ProcessorArchitecture.X86, 0x40_0000, 0xFFFF_FFFF_C000_1000, 0xFFFF_FFFF_C030_0000)]
    [InlineData(ProcessorArchitecture.X86Pae, 0x7FFD_F000, 0xFFFF_FFFF_C03F_F000, 0xFFFF_FFFF_C060_1000)]
    [InlineData(ProcessorArchitecture.X86Pae, 0x20_0000, 0xFFFF_FFFF_C000_1000, 0xFFFF_FFFF_C060_0000)]
    public void TablesOf32Bits(ProcessorArchitecture architecture, ulong address, ulong table, ulong directory)
    {
        SelfMap map = SelfMap.Of(architecture);
        Vpn page = map.TableOf(new VirtualAddress(address).Page);
        page.Start.Value.ShouldBe(table);
        SelfMap.Contains(page).ShouldBeTrue();
        map.TableOf(page).Start.Value.ShouldBe(directory);
        map.TableOf(map.Root).ShouldBe(map.Root);
        SelfMap.Contains(new VirtualAddress(0xC000_0000).Page).ShouldBeFalse("a user page of 64 bits");
    }

    [Theory]
    [InlineData(2048, false, 0x7FFE_FFFF)]
    [InlineData(3072, false, 0x7FFE_FFFF)] // the image knows no large addresses
    [InlineData(3072, true, 0xBFFE_FFFF)]
    [InlineData(2560, true, 0x9FFE_FFFF)]
    public void UserSpaceOf32Bits(int megabytes, bool aware, ulong highest)
    {
        var machine = TestMachine.On(X86 with { UserMegabytes = megabytes }, TestMachine.Idle with { LargeAddressAware = aware });
        machine.Call(Of(CallService.QueryBasic, highest)).Status.ShouldBe(NtStatus.Success);
        machine.Call(Of(CallService.QueryBasic, highest + 1)).Status.ShouldBe(NtStatus.InvalidParameter);
        machine.Call(Allocate(highest - 0xFFFF, 0x1000, Reserve)).Status.ShouldBe(NtStatus.InvalidParameter2);
        machine.Call(Allocate(0, 0x1_0000, Reserve | TopDown)).Base.ShouldBe(highest - 0x1_FFFF);
        machine.Call(Allocate(highest - 0x2_FFFF, 0x2_0001, Reserve)).Status.ShouldBe(NtStatus.InvalidParameter4);
        machine.Call(Free(highest + 1, 0, Release)).Status.ShouldBe(NtStatus.InvalidParameter2);
        machine.Call(Allocate(0, 0x7FFE_0000, Reserve)).Status.ShouldBe(NtStatus.NoMemory);
    }

    [Theory]
    [InlineData(8, 0x7FF_FFFE_FFFF)]
    [InlineData(128, 0x7FFF_FFFE_FFFF)]
    public void UserSpaceOf64Bits(int terabytes, ulong highest)
    {
        var machine = TestMachine.On(new Platform { UserTerabytes = terabytes });
        machine.Call(Of(CallService.QueryBasic, highest)).Status.ShouldBe(NtStatus.Success);
        machine.Call(Of(CallService.QueryBasic, highest + 1)).Status.ShouldBe(NtStatus.InvalidParameter);
    }

    [Theory]
    [InlineData(ProcessorArchitecture.X64)]
    [InlineData(ProcessorArchitecture.X86)]
    public void ThePageSharedWithWindowsStays(ProcessorArchitecture architecture)
    {
        const ulong Shared = 0x7FFE_0000;
        var machine = TestMachine.On(new Platform { Architecture = architecture });
        var found = machine.Call(Of(CallService.QueryBasic, Shared + 0x123));
        (found.Base, found.Size, found.Detail).ShouldBe((Shared, 0x1000UL, (uint)RegionState.Commit | (uint)RegionType.Private));
        machine.Words.ShouldBe([Shared, (ulong)PageProtection.ReadOnly, (ulong)PageProtection.ReadOnly]);
        machine.Ledger.Private.ShouldBe(0UL);
        machine.Read(Shared).ShouldBe(NtStatus.Success);
        machine.Write(Shared).ShouldBe(NtStatus.AccessViolation);
        machine.Call(Free(Shared, 0, Release)).Status.ShouldBe(NtStatus.InvalidPageProtection);
        machine.Call(Free(Shared, 0x1000, Decommit)).Status.ShouldBe(NtStatus.InvalidPageProtection);
        machine.Call(Protect(Shared, 0x1000, PageProtection.ReadWrite)).Status.ShouldBe(NtStatus.InvalidPageProtection);
        machine.Ledger.Private.ShouldBe(1UL, "it was touched");
        machine.EndsAtTheBaseline();
    }

    [Theory]
    [InlineData(WindowsVersion.Windows7, NtStatus.Success)]
    [InlineData(WindowsVersion.Windows8, NtStatus.InvalidParameter)]
    public void TheNullGranule(WindowsVersion version, NtStatus status)
    {
        var machine = TestMachine.On(X86 with { Version = version });
        var answer = machine.Call(Allocate(1, 0x1000, Reserve | Commit));
        answer.Status.ShouldBe(status);
        machine.Write(0).ShouldBe(status == NtStatus.Success ? NtStatus.Success : NtStatus.AccessViolation);
        machine.Call(Allocate(0, 0x1000, Reserve)).Base.ShouldBe(0x1_0000UL, "no base is no base");
        machine.Call(Free(0, 0, Decommit)).Status.ShouldBe(status == NtStatus.Success ? NtStatus.Success : NtStatus.MemoryNotAllocated);
        machine.Call(Free(0, 0, Release)).Status.ShouldBe(status == NtStatus.Success ? NtStatus.Success : NtStatus.MemoryNotAllocated);
        machine.EndsAtTheBaseline();
    }

    [Theory]
    [InlineData(WindowsVersion.Windows10Release1507, 0x1_0000)]
    [InlineData(WindowsVersion.Windows10Release1803, 0)]
    public void WhatADecommittedRegionIsReportedAs(WindowsVersion version, ulong size)
    {
        var machine = TestMachine.On(new Platform { Version = version });
        ulong heap = machine.Allocate(0, 16);
        machine.Call(Free(heap, 0, Decommit)).Size.ShouldBe(size);
    }

    [Theory]
    [InlineData(WindowsVersion.Windows81, PageProtection.ReadOnly | PageProtection.NoCache, PageProtection.ReadOnly)]
    [InlineData(WindowsVersion.Windows10Release1507, PageProtection.ReadOnly, PageProtection.ReadOnly | PageProtection.NoCache)]
    public void CachingIsThePagesOrTheAllocations(WindowsVersion version, PageProtection cached, PageProtection uncached)
    {
        var machine = TestMachine.On(new Platform { Version = version });
        ulong heap = machine.Allocate(0, 1);
        machine.Call(Protect(heap, 0x1000, PageProtection.ReadOnly | PageProtection.NoCache)).Status.ShouldBe(NtStatus.Success);
        machine.Query(heap).Protection.ShouldBe((ushort)cached);
        ulong device = machine.Allocate(0, 1, PageProtection.ReadWrite | PageProtection.NoCache);
        machine.Call(Protect(device, 0x1000, PageProtection.ReadOnly)).Status.ShouldBe(NtStatus.Success);
        machine.Query(device).Protection.ShouldBe((ushort)uncached);
    }

    [Fact]
    public void WithoutExecutePreventionInstructionsAreData()
    {
        var machine = TestMachine.On(X86 with { DataExecutionPrevention = false });
        ulong heap = machine.Allocate(0, 3);
        machine.Write(heap).ShouldBe(NtStatus.Success);
        machine.Execute(heap).ShouldBe(NtStatus.Success);
        machine.Execute(heap + 0x1000).ShouldBe(NtStatus.Success, "a page that nobody touched yet");
        machine.Call(Protect(heap, 0x1000, PageProtection.ReadOnly)).Status.ShouldBe(NtStatus.Success);
        machine.Execute(heap).ShouldBe(NtStatus.Success);
        machine.Query(heap).Protection.ShouldBe((ushort)PageProtection.ReadOnly);
        machine.Call(Protect(heap, 0x1000, PageProtection.NoAccess)).Status.ShouldBe(NtStatus.Success);
        machine.Execute(heap).ShouldBe(NtStatus.AccessViolation);
    }

    [Theory]
    [InlineData(22, NtStatus.InvalidParameter3)]
    [InlineData(0xFFFF_FFFF, NtStatus.InvalidParameter3)] // 32-bit Windows knows no masks
    [InlineData(1, NtStatus.Success)]
    public void ZeroBitsOf32Bits(ulong zeroBits, NtStatus status) =>
        TestMachine.On(X86).Call(Allocate(0, 0x1000, Reserve), zeroBits).Status.ShouldBe(status);
}
