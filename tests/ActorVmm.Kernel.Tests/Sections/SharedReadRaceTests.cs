using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Calls.NativeCalls;

namespace ActorVmm.Kernel.Tests.Sections;

/// <summary>Races over a page of a section that is being read (fact book §17: the shared parts of R1, R2 and R6).</summary>
public sealed class SharedReadRaceTests
{
    private const ulong Page = PageSize.Bytes;

    private readonly TestMachine _machine = SectionMachine.Start(3);
    private readonly SectionCreated _section;
    private readonly ulong[] _views = new ulong[2];

    /// <summary>A page with 77 in it, in the paging file and nowhere else.</summary>
    public SharedReadRaceTests()
    {
        _section = _machine.Create(4 * Page);
        _views[0] = _machine.Map(_section);
        _views[1] = _machine.Map(_section, process: 1);
        _machine.Poke(_views[0], 77);
        _machine.Trim();
        _machine.WriteOut();
        _machine.RepurposeStandby(process: 2);
    }

    // R1: however many processes fault on it, the page is read once.
    [Fact]
    public void FaultsOfTwoProcessesCollide()
    {
        _machine.Facts.Clear();
        ulong one = Begin(0);
        ulong again = Begin(0);
        ulong other = Begin(1);
        _machine.Run();
        foreach (ulong request in (ulong[])[one, again, other])
        {
            _machine.Answer(request).Size.ShouldBe(77UL);
        }

        _machine.Facts.Of<InPageOpened>().Count(read => read.First.Value == 0).ShouldBe(1, "page tables are read too, but have higher numbers");
        long collided = _machine.Processes[0].Faults[(int)FaultKind.Collided] + _machine.Processes[1].Faults[(int)FaultKind.Collided];
        collided.ShouldBeInRange(1, 2, "one of the three has opened the read");
        Ends();
    }

    // R2: the view is gone, and another is in its place, when the page arrives.
    [Fact]
    public void AViewUnmappedDuringTheReadGetsNothing()
    {
        ulong read = Begin(0);
        uint unmap = _machine.BeginIn(0, Of(CallService.UnmapView, _views[0]));
        uint map = _machine.BeginIn(0, Of(CallService.MapView, _views[0], 2 * Page, protection: (uint)PageProtection.ReadOnly), SectionMachine.WordsOf(_section));
        ulong other = Begin(1);
        _machine.Run();
        _machine.Returned[unmap].Status.ShouldBe(NtStatus.Success);
        _machine.Returned[map].Status.ShouldBe(NtStatus.Success);
        _machine.Answer(other).Size.ShouldBe(77UL);
        _machine.Answer(read).Status.ShouldBeOneOf(NtStatus.Success, NtStatus.AccessViolation);
        _machine.Write(_views[0]).ShouldBe(NtStatus.AccessViolation, "the new view may only be read");
        Ends();
    }

    // R2: a page that may not be accessed any more is not mapped.
    [Fact]
    public void AProtectionThatChangesDuringTheReadHolds()
    {
        ulong read = Begin(0);
        uint protect = _machine.BeginIn(0, Protect(_views[0], Page, PageProtection.NoAccess));
        _machine.Run();
        _machine.Returned[protect].Status.ShouldBe(NtStatus.Success);
        _machine.Answer(read).Status.ShouldBeOneOf(NtStatus.Success, NtStatus.AccessViolation);
        _machine.Read(_views[0]).ShouldBe(NtStatus.AccessViolation);
        _machine.Peek(_views[1], process: 1).ShouldBe(77UL);
        Ends();
    }

    // R6: who exits during the read leaves the page to the others.
    [Fact]
    public void AnExitDuringTheReadLeavesThePageToTheOthers()
    {
        Begin(0);
        ulong other = Begin(1);
        _machine.Inject(_machine.IdOf(0), new ExitProcess(NtStatus.Success));
        _machine.Run();
        _machine.Answer(other).Size.ShouldBe(77UL);
        Ends();
    }

    [Fact]
    public void AReadThatFailsIsToldToAllAndTriedAgain()
    {
        _machine.Inject(_machine.Cast.PagingFiles[0], new Disturb(default, InjectionCode.ReadError, 1000));
        ulong one = Begin(0);
        ulong other = Begin(1);
        _machine.Run();
        _machine.Answer(one).Status.ShouldBe(NtStatus.InPageError);
        _machine.Answer(other).Status.ShouldBe(NtStatus.InPageError);
        _machine.Inject(_machine.Cast.PagingFiles[0], new DisturbanceEnds(InjectionCode.ReadError, 1));
        _machine.Peek(_views[1], process: 1).ShouldBe(77UL);
        Ends();
    }

    private ulong Begin(int process) => _machine.Begin(new Operation(OperationKind.Read, _views[process], 8), process);

    private void Ends()
    {
        _machine.CloseHandle(_section);
        _machine.EndsAtTheBaseline();
    }
}
