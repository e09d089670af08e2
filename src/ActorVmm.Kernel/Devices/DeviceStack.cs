namespace ActorVmm.Kernel.Devices;

/// <summary>A device stack, as its drivers know it.</summary>
/// <param name="Nodes">The drivers, from the top down.</param>
/// <param name="FirstPacket">The first of its rows in the <see cref="IrpTable"/>.</param>
/// <param name="Packets">Rows for programs.</param>
/// <param name="PagingPackets">Rows for paging I/O, behind the others.</param>
public sealed record DeviceStack(IReadOnlyList<ActorId> Nodes, int FirstPacket, int Packets, int PagingPackets)
{
    /// <summary>The driver that is asked.</summary>
    public ActorId Top => Nodes[0];

    /// <summary>The stacks of a machine, in the order of its plan; their drivers get the ids from <paramref name="first"/> on.</summary>
    public static IReadOnlyList<DeviceStack> Of(MachinePlan plan, int first)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var stacks = new List<DeviceStack>();
        int packet = 0;
        foreach ((int index, DevicePlan device) in plan.Devices.Index())
        {
            int paging = IrpTable.PagingPacketsOf(plan, index);
            stacks.Add(new DeviceStack([.. Enumerable.Range(first, device.Depth).Select(id => new ActorId(id))], packet, device.Packets, paging));
            first += device.Depth;
            packet += device.Packets + paging;
        }

        return stacks;
    }
}
