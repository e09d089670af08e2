using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Calls.NativeCalls;

namespace ActorVmm.Kernel.Tests.Sections;

/// <summary>Views of one section in several processes (fact book §13, §16.6).</summary>
public sealed class SharingTests
{
    private const ulong Page = PageSize.Bytes;

    private readonly TestMachine _machine = SectionMachine.Start(2);

    [Fact]
    public void WhatOneStoresTheOtherLoads()
    {
        SectionCreated section = _machine.Create(4 * Page);
        ulong one = _machine.Map(section);
        ulong other = _machine.Map(section, process: 1);
        _machine.Poke(one + Page, 0x1122_3344_5566_7788);
        _machine.Peek(other + Page, process: 1).ShouldBe(0x1122_3344_5566_7788UL);
        _machine.Poke(other + Page + 8, 7, process: 1);
        _machine.Peek(one + Page + 8).ShouldBe(7UL);
        _machine.Sections[0].ValidPages.ShouldBe(1, "one frame serves both");
        _machine.Processes[0].WorkingSetPages.ShouldBe(1, "and counts in both working sets");
        _machine.Processes[1].WorkingSetPages.ShouldBe(1);
        Closes(section);
    }

    [Fact]
    public void ASharedPageGoesWhenTheLastLetsGoAndComesBackFromWhereverItWent()
    {
        SectionCreated section = _machine.Create(4 * Page);
        ulong one = _machine.Map(section);
        ulong other = _machine.Map(section, process: 1);
        _machine.Poke(one, 5);
        _machine.Peek(other, process: 1).ShouldBe(5UL);
        _machine.Trim();
        _machine.Sections[0].ValidPages.ShouldBe(1, "the other maps it still");
        _machine.Peek(one).ShouldBe(5UL);
        _machine.Trim();
        _machine.Trim(process: 1);
        _machine.Sections[0].ValidPages.ShouldBe(0);
        _machine.Frames.CountOf(PageLocation.Modified).ShouldBeGreaterThan(0);
        _machine.Peek(one).ShouldBe(5UL, "a soft fault");
        _machine.Trim();
        _machine.WriteOut();
        _machine.RepurposeStandby();
        _machine.Peek(other, process: 1).ShouldBe(5UL, "a hard fault");
        Closes(section);
    }

    [Fact]
    public void ASectionOutlivesItsViewsAndItsHandle()
    {
        SectionCreated section = _machine.Create(4 * Page);
        ulong view = _machine.Map(section);
        _machine.Poke(view, 9);
        _machine.Unmap(view + 0x123).ShouldBe(NtStatus.Success, "any address will do");
        _machine.Unmap(view).ShouldBe(NtStatus.NotMappedView);
        view = _machine.Map(section);
        _machine.Peek(view).ShouldBe(9UL);
        _machine.CloseHandle(section);
        _machine.Ledger.Shared.ShouldBe(4UL);
        _machine.Peek(view).ShouldBe(9UL, "a view keeps the section alive");
        _machine.Unmap(view).ShouldBe(NtStatus.Success);
        _machine.Ledger.Shared.ShouldBe(0UL);
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void ANameGoesWithTheLastHandleAndNotWithTheLastView()
    {
        SectionCreated section = _machine.Create(Page, name: 5);
        ulong view = _machine.Map(section);
        _machine.TryCreate(Page, name: 5).Status.ShouldBe(NtStatus.ObjectNameExists);
        _machine.Created.Section.ShouldBe(section.Section);
        _machine.CloseHandle(section);
        _machine.Inject(_machine.Cast.SystemSpace, new OpenSection(5, 2));
        _machine.Run();
        _machine.Created.Status.ShouldBe(NtStatus.Success);
        _machine.CloseHandle(section);
        _machine.CloseHandle(section);
        _machine.Inject(_machine.Cast.SystemSpace, new OpenSection(5, 3));
        _machine.Run();
        _machine.Created.Status.ShouldBe(NtStatus.ObjectNameNotFound);
        _machine.Peek(view).ShouldBe(0UL);
        _machine.EndsAtTheBaseline();
    }

    // Fact book §13.4: all pages at creation, once, whoever maps them; reserved ones when they are committed, once.
    [Fact]
    public void PagesAreChargedOnce()
    {
        SectionCreated committed = _machine.Create(8 * Page);
        _machine.Ledger.Shared.ShouldBe(8UL);
        _machine.Map(committed);
        _machine.Map(committed, process: 1);
        _machine.Ledger.Shared.ShouldBe(8UL);
        SectionCreated reserved = _machine.Create(8 * Page, SectionAttributes.Reserve);
        _machine.Ledger.Shared.ShouldBe(8UL);
        ulong one = _machine.Map(reserved, commit: 2 * Page);
        ulong other = _machine.Map(reserved, process: 1);
        _machine.Ledger.Shared.ShouldBe(10UL);
        _machine.Write(one + Page).ShouldBe(NtStatus.Success);
        _machine.Write(one + (2 * Page)).ShouldBe(NtStatus.AccessViolation);
        _machine.CallIn(1, Allocate(other, 4 * Page, AllocationType.Commit)).Status.ShouldBe(NtStatus.Success);
        _machine.Ledger.Shared.ShouldBe(12UL, "two of the four were committed");
        _machine.Write(one + (2 * Page)).ShouldBe(NtStatus.Success, "for every view");
        CallReturned queried = _machine.Call(Of(CallService.QueryBasic, one));
        queried.Size.ShouldBe(4 * Page);
        queried.Detail.ShouldBe((uint)RegionState.Commit | (uint)RegionType.Mapped);
        _machine.Call(Of(CallService.QueryBasic, one + (4 * Page))).Detail.ShouldBe((uint)RegionState.Reserve | (uint)RegionType.Mapped);
        _machine.Call(Protect(one, 5 * Page, PageProtection.ReadOnly)).Status.ShouldBe(NtStatus.NotCommitted);
        _machine.Call(Free(one, 0, AllocationType.Release)).Status.ShouldBe(NtStatus.UnableToDeleteSection);
        _machine.CloseHandle(committed);
        _machine.CloseHandle(reserved);
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void AProcessThatExitsLeavesTheSectionToTheOthers()
    {
        SectionCreated section = _machine.Create(4 * Page);
        ulong one = _machine.Map(section);
        ulong other = _machine.Map(section, process: 1);
        _machine.Poke(one, 3);
        _machine.CloseHandle(section);
        _machine.Kill(0);
        _machine.Peek(other, process: 1).ShouldBe(3UL);
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void ASectionThatIsTooLargeIsNotMade()
    {
        _machine.TryCreate(1UL << 40).Status.ShouldBe(NtStatus.CommitmentLimit);
        _machine.TryCreate(1UL << 50, SectionAttributes.Reserve).Status.ShouldBe(NtStatus.SectionTooBig);
        _machine.EndsAtTheBaseline();
    }

    private void Closes(SectionCreated section)
    {
        _machine.CloseHandle(section);
        _machine.EndsAtTheBaseline();
    }
}
