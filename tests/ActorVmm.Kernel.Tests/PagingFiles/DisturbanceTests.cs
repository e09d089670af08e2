using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.PagingFiles;

public sealed class DisturbanceTests
{
    private static readonly Ticks _second = Ticks.FromSeconds(1);

    private readonly PagingFileStory _story = new(new PagingFilePlan(64) { Latency = Distribution.Constant(1_000), TicksPerPage = 10, QueueDepth = 8 });

    public DisturbanceTests() => _story.Reserve(63);

    [Fact]
    public void ASlowDeviceIsSlowForAWhile()
    {
        _story.Disturb(InjectionCode.Slow, 20, _second);
        Latency().ShouldBe(20_010);
        _story.Bench.Advance(_second);
        Latency().ShouldBe(1_010);
    }

    [Fact]
    public void TheLatestOrderHoldsAndTheEndOfAnEarlierOneDoesNotEndIt()
    {
        _story.Disturb(InjectionCode.Slow, 20, _second);
        _story.Disturb(InjectionCode.Slow, 3, _second + _second);
        _story.Bench.Advance(_second);
        Latency().ShouldBe(3_010);
        _story.Bench.Advance(_second);
        Latency().ShouldBe(1_010);
    }

    [Fact]
    public void WithoutADurationItLasts()
    {
        _story.Disturb(InjectionCode.Slow, 2, Ticks.Zero).StartsNoTimer();
        Latency().ShouldBe(2_010);
    }

    [Fact]
    public void AFailedReadLeavesTheFramesAlone()
    {
        _story.Write(Slot(1), 0, (1, 0xA));
        _story.Bench.FireTimer();
        _story.Disturb(InjectionCode.ReadError, 1_000, _second);
        _story.Store(2, 0x2);
        _story.Read(Slot(1), 1, block: 9, 2);
        _story.Bench.FireTimer<TransferDone>().Asks<PageRead>(BenchCast.Process(1)).ShouldBe(new PageRead(9, NtStatus.DeviceDataError));
        _story.Stamp(2).ShouldBe(0x2UL);
        (_story.File.PageReads, _story.File.PagesInput).ShouldBe((1UL, 0UL));
    }

    [Fact]
    public void AFailedWriteLeavesTheSlotsAlone()
    {
        _story.Write(Slot(1), 0, (1, 0xA));
        _story.Bench.FireTimer();
        _story.Disturb(InjectionCode.WriteError, 1_000, _second);
        _story.Write(Slot(1), 0, (1, 0xB));
        _story.Bench.FireTimer<TransferDone>().States<TransferEnded>().Status.ShouldBe(NtStatus.DeviceDataError);
        _story.Read(Slot(1), 1, block: 9, 2);
        _story.Bench.FireTimer<TransferDone>();
        _story.Stamp(2).ShouldBe(0xAUL);
        (_story.File.PageWrites, _story.File.PagesOutput).ShouldBe((2UL, 1UL));
    }

    [Fact]
    public void WhatWasUnderWayWhenItBeganIsNotDisturbed()
    {
        _story.Read(Slot(1), 0, block: 1, 1);
        _story.Disturb(InjectionCode.ReadError, 1_000, _second);
        _story.Bench.FireTimer<TransferDone>().Asks<PageRead>(BenchCast.Process(1)).Status.ShouldBe(NtStatus.Success);
    }

    [Fact]
    public void ErrorsAreDrawnOneByOne()
    {
        _story.Disturb(InjectionCode.ReadError, 250, Ticks.Zero);
        int failed = Enumerable.Range(0, 1_000).Count(_ =>
        {
            _story.Read(Slot(1), 0, block: 1, 1);
            return _story.Bench.FireTimer().Asks<PageRead>(BenchCast.Process(1)).Status != NtStatus.Success;
        });
        failed.ShouldBeInRange(200, 300);
    }

    private static PagingFileSlot Slot(uint page) => new(0, page);

    private long Latency()
    {
        long latency = _story.Read(Slot(1), 0, block: 0, 1).Starts<TransferDone>().Value;
        _story.Bench.FireTimer<TransferDone>();
        return latency;
    }
}
