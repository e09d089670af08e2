using ActorVmm.Actors;
using ActorVmm.Kernel.Files;
using ActorVmm.Kernel.Sections;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Calls;

/// <summary>Ordinary file I/O with memory of a process as buffer: probed whole, locked, moved (fact book §10, §24).</summary>
public sealed class FileTransferCallTests
{
    private const ulong Buffer = 0x10_0000;
    private const int Pages = 24;

    private readonly TestMachine _machine;
    private readonly ActorId _file;
    private readonly DataFile _data;
    private readonly ulong _object;

    public FileTransferCallTests()
    {
        _machine = TestMachine.With(TestMachine.Idle);
        _data = new DataFile(0, new FilePlan("data", 0), _machine.Plan, _machine.Contents, new NoSections());
        _file = _machine.Host.Create(_data, Role.Device);
        _object = Open();
        _machine.Allocate(Buffer, Pages);
    }

    [Theory]
    [InlineData(0UL, 0x4000UL)]
    [InlineData(0xFF8UL, 0x10UL)]
    [InlineData(0x7F8UL, 0x1_4000UL)]
    public void WhatIsWrittenIsReadAgain(ulong offset, ulong size)
    {
        for (ulong at = 0; at + 8 <= size; at += 0x1008)
        {
            _machine.Poke(Buffer + offset + at, 0xAA00 + at);
        }

        Transfer(CallService.WriteFile, offset, size).ShouldBe((NtStatus.Success, size));
        _data.Length.ShouldBe(size);
        ulong second = Open();
        _machine.Do(OperationKind.Decommit, Buffer, Pages * 4096UL);
        _machine.Do(OperationKind.Commit, Buffer, Pages * 4096UL, PageProtection.ReadWrite);
        Transfer(CallService.ReadFile, offset, size, second).ShouldBe((NtStatus.Success, size));
        for (ulong at = 0; at + 8 <= size; at += 0x1008)
        {
            _machine.Peek(Buffer + offset + at).ShouldBe(0xAA00 + at);
        }

        Transfer(CallService.ReadFile, offset, 8, second).ShouldBe((NtStatus.EndOfFile, 0UL));
        _machine.Holds();
        _machine.EndsAtTheBaseline();
    }

    [Fact]
    public void AReadEndsAtTheEndOfTheFile()
    {
        Transfer(CallService.WriteFile, 0, 0x1_2345);
        ulong second = Open();
        Transfer(CallService.ReadFile, 0, 0x1_8000, second).ShouldBe((NtStatus.Success, 0x1_2345UL));
    }

    [Theory]
    [InlineData(CallService.ReadFile, PageProtection.NoAccess, NtStatus.AccessViolation)]
    [InlineData(CallService.ReadFile, PageProtection.ReadOnly, NtStatus.AccessViolation)]
    [InlineData(CallService.WriteFile, PageProtection.NoAccess, NtStatus.InvalidUserBuffer)]
    [InlineData(CallService.WriteFile, PageProtection.ReadWrite | PageProtection.Guard, NtStatus.GuardPageViolation)]
    public void ABadPageAnywhereInTheBufferRefusesAllOfIt(CallService service, PageProtection protection, NtStatus expected)
    {
        _machine.Do(OperationKind.Protect, Buffer + 0x1_1000, 0x1000, protection).Status.ShouldBe(NtStatus.Success);
        Transfer(service, 0, 0x1_2000).ShouldBe((expected, 0UL));
        _data.Length.ShouldBe(0UL);
        _machine.Holds();
    }

    [Theory]
    [InlineData(CallService.ReadFile, NtStatus.AccessViolation)]
    [InlineData(CallService.WriteFile, NtStatus.InvalidUserBuffer)]
    public void ABufferBeyondUserSpaceIsRefused(CallService service, NtStatus expected) =>
        Transfer(service, 0xFFFF_8000_0000_0000, 8).ShouldBe((expected, 0UL));

    [Fact]
    public void AReadMarksTheWholeBufferAsWritten()
    {
        const ulong Watched = 0x40_0000;
        Transfer(CallService.WriteFile, 0, 0x10);
        ulong second = Open();
        _machine.Call(NativeCalls.Allocate(Watched, 0x4000, AllocationType.Reserve | AllocationType.Commit | AllocationType.WriteWatch)).Status.ShouldBe(NtStatus.Success);
        Transfer(CallService.ReadFile, Watched - Buffer, 0x3000, second).ShouldBe((NtStatus.Success, 0x10UL));
        _machine.Call(NativeCalls.Of(CallService.GetWriteWatch, Watched, 0x4000, protection: 100)).Detail.ShouldBe(3u);
    }

    [Fact]
    public void ABufferThatIsFreedMeanwhileKeepsItsFramesUntilTheDiskHasAnswered()
    {
        Transfer(CallService.WriteFile, 0, 0x3000);
        ulong second = Open();
        uint call = _machine.BeginCall(NativeCalls.Of(CallService.ReadFile, Buffer, 0x3000), (ulong)_file.Value, second);
        while (_machine.Facts.Of<FrameLocked>().Count < 9)
        {
            _machine.Host.Run(maxTurns: 1);
        }

        int transition = _machine.Frames.CountOf(PageLocation.Transition);
        ulong release = _machine.Begin(new Operation(OperationKind.Release, Buffer, 0));
        while (!_machine.Facts.Of<VadCommitChanged>().Any(fact => fact.Start.Start.Value == Buffer && fact.Pages == 0))
        {
            _machine.Host.Run(maxTurns: 1);
        }

        _machine.Host.Run(maxTurns: 3);
        _machine.Frames.CountOf(PageLocation.Transition).ShouldBe(transition + 3, "locked frames of deleted pages");
        _machine.Run();
        _machine.Answer(release).Status.ShouldBe(NtStatus.Success);
        _machine.Returned[call].Status.ShouldBe(NtStatus.Success);
        _machine.Frames.CountOf(PageLocation.Transition).ShouldBe(transition);
        _machine.Holds();
    }

    [Fact]
    public void AnExitInTheMiddleLeavesNothing()
    {
        for (int turns = 1; turns < 40; turns += 2)
        {
            var story = new FileTransferCallTests();
            uint call = story._machine.BeginCall(NativeCalls.Of(CallService.WriteFile, Buffer, 0x1_4000), (ulong)story._file.Value, story._object);
            story._machine.Host.Run(maxTurns: turns);
            story._machine.Kill(0);
            story._machine.Run();
            story._machine.Returned.ShouldContainKey(call);
            story._machine.EndsAtTheBaseline();
        }
    }

    private ulong Open()
    {
        ulong opened = ulong.MaxValue;
        _machine.Heard = (_, message) => opened = message.Kind == FileReturned.Kind ? message.Read<FileReturned>().Value : opened;
        _machine.Inject(_file, new OpenFile(1, FileRights.Read | FileRights.Write, FileOpening.Plain, 0));
        _machine.Run();
        return opened;
    }

    private (NtStatus Status, ulong Bytes) Transfer(CallService service, ulong offset, ulong size, ulong? through = null)
    {
        CallReturned answer = _machine.Call(NativeCalls.Of(service, Buffer + offset, size), (ulong)_file.Value, through ?? _object);
        return (answer.Status, answer.Detail);
    }

    private sealed class NoSections : ISectionFactory
    {
        public Role Role => Role.Device;

        public IActor Create(uint serial) => throw new InvalidOperationException("nobody maps this file");
    }
}
