using ActorVmm.Machine.Conformance;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Machine.Tests.Conformance;

/// <summary>Calls carried out by the real actors.</summary>
public sealed class ConformanceSessionTests
{
    private const ulong Heap = 0x5000_0000;

    [Fact]
    public void TheTwoProcessesHaveMemoryOfTheirOwn()
    {
        using var session = Open();
        foreach (ProcessHandle process in new[] { ProcessHandle.Self, ProcessHandle.Other })
        {
            Carry(session, new AllocateCall(Heap, 0x2000, 0, 0x3000, 4) { Process = process }).Bound.ShouldBe(Heap);
        }

        Carry(session, new AccessCall(AccessKind.Write, Heap, 4, 0x1234_5678));
        Carry(session, new AccessCall(AccessKind.Read, Heap, 4, 0)).Outputs["data"].Number.ShouldBe((Int128)0x1234_5678);
        Carry(session, new AccessCall(AccessKind.Read, Heap, 4, 0) { Process = ProcessHandle.Other }).Outputs["data"].Number.ShouldBe((Int128)0);
        Carry(session, new AccessCall(AccessKind.Read, Heap, 4, 0) { Process = ProcessHandle.MinusOne }).Outputs["data"].Number.ShouldBe((Int128)0x1234_5678);
    }

    [Fact]
    public void AnAccessMayStraddlePages()
    {
        using var session = Open();
        Carry(session, new AllocateCall(Heap, 0x3000, 0, 0x3000, 4));
        Carry(session, new AccessCall(AccessKind.Write, Heap + 0xFFD, 8, 0x0807_0605_0403_0201));
        Carry(session, new AccessCall(AccessKind.Read, Heap + 0xFFD, 8, 0)).Outputs["data"].Number.ShouldBe((Int128)0x0807_0605_0403_0201);
        Carry(session, new AccessCall(AccessKind.Read, Heap + 0x1000, 1, 0)).Outputs["data"].Number.ShouldBe((Int128)4);
    }

    [Fact]
    public void AStoreOnTwoPagesOfWhichOneRefusesChangesNeither()
    {
        using var session = Open();
        Carry(session, new AllocateCall(Heap, 0x2000, 0, 0x3000, 4));
        Carry(session, new ProtectCall(Heap + 0x1000, 0x1000, 2));
        CallAnswer refused = Carry(session, new AccessCall(AccessKind.Write, Heap + 0xFFE, 4, 0xFFFF_FFFF));
        refused.Status.ShouldBe(NtStatus.AccessViolation);
        refused.Outputs["fault_kind"].Word.ShouldBe("write");
        Carry(session, new AccessCall(AccessKind.Read, Heap + 0xFFE, 2, 0)).Outputs["data"].Number.ShouldBe((Int128)0);
    }

    [Fact]
    public void AFailedCallLeavesBaseAndSizeAsTheyWere()
    {
        using var session = Open();
        CallAnswer answer = Carry(session, new FreeCall(Heap + 1, 0x123, 0x8000));
        answer.Status.ShouldBe(NtStatus.MemoryNotAllocated);
        answer.Outputs["base"].Number.ShouldBe((Int128)Heap + 1);
        answer.Outputs["size"].Number.ShouldBe((Int128)0x123);
        answer.Bound.ShouldBeNull();
    }

    [Fact]
    public void AllocationsUntilFailureAreReleasedTogether()
    {
        using var session = Open();
        Carry(session, new AllocateUntilFailureCall(0x2000, 0x50_0000, 4, 1024)).Status.ShouldBe(NtStatus.Success);
        Carry(session, new QueryMemoryCall(MemoryInformation.Basic, 0x1_0000)).Outputs["state"].Number.ShouldBe((Int128)0x2000);
        Carry(session, new ReleaseAllCall()).Status.ShouldBe(NtStatus.Success);
        Carry(session, new QueryMemoryCall(MemoryInformation.Basic, 0x1_0000)).Outputs["state"].Number.ShouldBe((Int128)0x1_0000);
    }

    [Fact]
    public void ACommitLimitIsKept()
    {
        using var session = new ConformanceSession(new SessionPlan(Architecture.X64, WindowsVersionText.Newest, CallLevel.Nt, KernelCaller: false) { CommitLimitBelow = 0x400_0000 });
        Carry(session, new AllocateCall(0, 0x400_0000, 0, 0x3000, 4)).Status.ShouldBe(NtStatus.CommitmentLimit);
        Carry(session, new AllocateCall(0, 0x100_0000, 0, 0x3000, 4)).Status.ShouldBe(NtStatus.Success);
    }

    [Theory]
    [InlineData(CallLevel.Nt, NtStatus.EndOfFile)]
    [InlineData(CallLevel.Win32, NtStatus.Success)]
    public void AFileIsReadToItsEndAndAtItsEnd(CallLevel level, NtStatus atEnd)
    {
        using var session = new ConformanceSession(new SessionPlan(Architecture.X64, WindowsVersionText.Newest, level, KernelCaller: false));
        ulong file = Carry(session, new CreateFileCall(6, FileAccessRights.Read | FileAccessRights.Write) { Data = "ABCDEF" }).Bound.ShouldNotBeNull();
        var handle = new HandleValue(HandleKind.Bound, file);
        ulong buffer = Carry(session, new AllocateCall(0, 0x1000, 0, 0x3000, 4)).Bound.ShouldNotBeNull();
        Carry(session, new TransferFileCall(handle, buffer + 0xFF0, 0x10, IsWrite: false)).Outputs["bytes"].Number.ShouldBe((Int128)6);
        Carry(session, new AccessCall(AccessKind.Read, buffer + 0xFF0, 8, 0)).Outputs["data"].Number.ShouldBe((Int128)0x4645_4443_4241);
        CallAnswer end = Carry(session, new TransferFileCall(handle, buffer, 0x10, IsWrite: false));
        end.Status.ShouldBe(atEnd);
        end.Outputs["bytes"].Number.ShouldBe((Int128)0);
        session.LengthOf(file).ShouldBe(6UL);
    }

    [Fact]
    public void AFileIsNamedByItsHandleAfterThatIsClosed()
    {
        using var session = Open();
        ulong file = Carry(session, new CreateFileCall(4, FileAccessRights.Read) { Data = "ABCD" }).Bound.ShouldNotBeNull();
        var handle = new HandleValue(HandleKind.Bound, file);
        Carry(session, new CloseCall(handle)).Status.ShouldBe(NtStatus.Success);
        Carry(session, new SetFileSizeCall(handle, 8)).Status.ShouldBe(NtStatus.InvalidHandle);
        Carry(session, new ReadFileCall(handle, 1, 2)).Outputs["data"].Number.ShouldBe((Int128)0x4342);
        Carry(session, new ReopenFileCall(handle, DeleteOnClose: false)).Status.ShouldBe(NtStatus.Success);
        session.LengthOf(file).ShouldBe(0UL);
    }

    [Fact]
    public void NoCallIsGuessed()
    {
        using var session = Open();
        foreach (ConformanceCall call in new ConformanceCall[]
        {
            new AllocateCall(0, 0x1000, 0, 0x3000, 0x1_0000_0000), new AccessCall(AccessKind.Read, 0, 16, 0),
        })
        {
            session.Carry(call).Unsupported.ShouldNotBeNullOrEmpty(call.ToString());
        }
    }

    private static ConformanceSession Open() => new(new SessionPlan(Architecture.X64, WindowsVersionText.Newest, CallLevel.Nt, KernelCaller: false));

    private static CallAnswer Carry(ConformanceSession session, ConformanceCall call)
    {
        CallAnswer answer = session.Carry(call);
        answer.Unsupported.ShouldBeNull();
        answer.Broken.ShouldBeNull();
        return answer;
    }
}
