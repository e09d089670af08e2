using ActorVmm.Actors;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Frames;
using ActorVmm.Protocol;
using static ActorVmm.Kernel.Tests.Calls.NativeCalls;
using static ActorVmm.Protocol.AllocationType;

namespace ActorVmm.Kernel.Tests.Calls;

/// <summary>How calls come in: with their words in any order, several at once, and while the process goes.</summary>
public sealed class CallRowTests
{
    private const ulong Region = 0x100_0000;

    private readonly TestMachine _machine = TestMachine.With(TestMachine.Idle);

    // TestMachine sends the words first, the last ones before the others.
    [Fact]
    public void WordsMayComeBeforeTheirCallAndBetweenThoseOfAnother()
    {
        uint first = _machine.BeginCall(Allocate(0, 0x1000, Reserve | TopDown, flags: CallFlags.Extended), 0, 0, 0x2FFF_FFFF, 0, (ulong)ParameterArray.Requirements);
        uint second = _machine.BeginCall(Allocate(0, 0x1000, Reserve | TopDown), 4);
        _machine.Run();
        _machine.Returned[first].Base.ShouldBe(0x2FFF_0000UL);
        _machine.Returned[second].Base.ShouldBe(0xFFF_0000UL);
    }

    [Fact]
    public void CallsWaitForEachOther()
    {
        uint[] requests = [.. Enumerable.Range(0, 4).Select(call => _machine.BeginCall(Allocate(Region, 0x1_0000, call % 2 == 0 ? Reserve | Commit : Commit)))];
        uint release = _machine.BeginCall(Free(Region, 0, Release));
        _machine.Run();
        requests.Select(request => _machine.Returned[request].Status)
            .ShouldBe([NtStatus.Success, NtStatus.Success, NtStatus.ConflictingAddresses, NtStatus.Success]);
        _machine.Returned[release].Status.ShouldBe(NtStatus.Success);
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void ACallWithoutAllItsWordsEndsWithTheProcess()
    {
        _machine.Inject(_machine.IdOf(0), Allocate(0, 0x1000, Reserve) with { Request = 77, Parts = 2 });
        _machine.Inject(_machine.IdOf(0), new CallWords(1, 2, 3, 77, 0));
        _machine.Run();
        _machine.Returned.ShouldBeEmpty();
        _machine.Kill(0);
        _machine.Returned[77].Status.ShouldBe(NtStatus.ProcessIsTerminating);
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void CountersAreThoseOfTheAddressSpace()
    {
        _machine.Call(Allocate(Region, 0x1_0000, Reserve));
        _machine.Call(Allocate(Region, 0x3000, Commit));
        _machine.Poke(Region, 1);
        _machine.Call(Of(CallService.QueryCounters)).Status.ShouldBe(NtStatus.Success);
        _machine.Words.ShouldBe([0x1_0000UL, 0x1_0000, 0x3000, 0x1000, 0x1000, 0x3000]);
        _machine.Call(Of(CallService.QueryCounters) with { Handle = HandleResolution.Denied }).Status.ShouldBe(NtStatus.AccessDenied);
    }

    [Fact]
    public void RegionsImagesAndNames()
    {
        _machine.Call(Allocate(Region, 0x1_0000, Reserve, PageProtection.ExecuteRead));
        _machine.Call(Allocate(Region, 0x3000, Commit));
        var found = _machine.Call(Of(CallService.QueryRegion, Region + 0x5678));
        (found.Base, found.Size, (PageProtection)found.Detail).ShouldBe((Region, 0x1_0000UL, PageProtection.ExecuteRead));
        _machine.Words.Take(2).ShouldBe([1UL, 0x3000], "private, three pages committed");
        _machine.Call(Of(CallService.QueryImage, Region)).ShouldSatisfyAllConditions(image => image.Status.ShouldBe(NtStatus.Success), image => image.Base.ShouldBe(0UL));
        _machine.Call(Of(CallService.QueryImage, Region + 0x1_0000)).Status.ShouldBe(NtStatus.InvalidAddress);
        _machine.Call(Of(CallService.QueryMappedName, Region)).Status.ShouldBe(NtStatus.InvalidAddress);
        _machine.Call(Of(CallService.QueryRegion, 0x7FFF_FFFF_0000)).Status.ShouldBe(NtStatus.InvalidParameter);
    }

    // Base is the length of the flags, size the count of ranges, and each range a base and a size.
    [Theory]
    [InlineData(1, 4, 1, 0, CallFlags.None, 0x1000, NtStatus.InvalidParameter2)]
    [InlineData(0, 4, 1, 0, CallFlags.NullOutput, 0x1000, NtStatus.InvalidParameter5)]
    [InlineData(0, 4, 1, 1, CallFlags.None, 0x1000, NtStatus.InvalidParameter5)]
    [InlineData(0, 8, 1, 0, CallFlags.None, 0x1000, NtStatus.InvalidParameter6)]
    [InlineData(0, 4, 0, 0, CallFlags.None, 0x1000, NtStatus.InvalidParameter3)]
    [InlineData(0, 4, 1, 0, CallFlags.NullBase, 0x1000, NtStatus.AccessViolation)]
    [InlineData(0, 4, 1, 0, CallFlags.None, 0, NtStatus.InvalidParameter4)]
    [InlineData(0, 4, 1, 0, CallFlags.None, 0x17, NtStatus.Success)]
    public void Prefetch(uint type, ulong flagsLength, ulong count, uint flags, CallFlags pointers, ulong size, NtStatus status) =>
        _machine.Call(Of(CallService.SetInformation, flagsLength, count, type, flags, pointers), Region, size).Status.ShouldBe(status);

    [Fact]
    public void ACallUnderWayIsPartOfTheState()
    {
        var bench = new ActorBench(Process(), new ActorId(100));
        bench.Hear(new ActorId(50), new CallWords(4, 5, 6, 1, 1));
        bench.Hear(new ActorId(50), Allocate(0, 0x1000, Reserve | Commit | WriteWatch) with { Request = 1, Parts = 2 });
        ActorBench twin = bench.Twin(Process());
        bench.Alike(twin, both => both.Hear(new ActorId(50), new CallWords(3, 0, 0, 1, 0)));
        bench.Alike(twin, both => both.Hear(new ActorId(100), default(RunThreads))).Sent<ChargeCommit>().Count.ShouldBe(1);
    }

    private static Process Process() => new(
        new ProcessEnvironment(BenchCast.Of(), new Contents(8, 1), TestMachine.Quiet, new TurnCosts()) { Platform = new Platform { Architecture = ProcessorArchitecture.X86 } },
        TestMachine.Idle,
        0);
}
