using ActorVmm.Actors;
using ActorVmm.Kernel.Devices;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Devices;

public sealed class PacketPoolTests
{
    private static readonly MachinePlan _plan = new(64)
    {
        Devices = [new DevicePlan("a") { Packets = 2, Filters = 0 }, new DevicePlan("disk") { Packets = 3, Filters = 2 }],
        PagingFiles = [new PagingFilePlan(256) { Device = 2, QueueDepth = 2 }, new PagingFilePlan(256), new PagingFilePlan(256) { Device = 2, QueueDepth = 1 }],
    };

    [Fact]
    public void EveryStackHasItsOwnDriversAndPackets()
    {
        IReadOnlyList<DeviceStack> stacks = DeviceStack.Of(_plan, 10);

        stacks[0].Nodes.ShouldBe([new ActorId(10), new ActorId(11)]);
        stacks[1].Nodes.ShouldBe([new ActorId(12), new ActorId(13), new ActorId(14), new ActorId(15)]);
        stacks.Select(stack => (stack.FirstPacket, stack.Packets, stack.PagingPackets)).ShouldBe([(0, 2, 0), (2, 3, 3)]);
        IrpTable.PacketsFor(_plan).ShouldBe(8);
    }

    [Fact]
    public void PacketsForPagingAreKeptApart()
    {
        var pool = new PacketPool(DeviceStack.Of(_plan, 1)[1]);
        PacketId[] programs = [.. Enumerable.Range(0, 4).Select(_ => pool.Take(forPaging: false))];
        programs.Select(packet => packet.Value).ShouldBe([2, 3, 4, -1], "no program takes one of the others");
        PacketId[] paging = [.. Enumerable.Range(0, 3).Select(_ => pool.Take(forPaging: true))];
        paging.Select(packet => packet.Value).ShouldBe([5, 6, 7]);
        Should.Throw<BugCheckException>(() => pool.Take(forPaging: true));

        pool.GiveBack(paging[1]);
        pool.Take(forPaging: false).ShouldBe(PacketId.None);
        pool.IsUsed(paging[1]).ShouldBeFalse();
        pool.Used.ShouldBe(5);
        pool.GiveBack(programs[0]);
        pool.Take(forPaging: true).ShouldBe(paging[1]);
        pool.Take(forPaging: false).ShouldBe(programs[0]);
    }
}
