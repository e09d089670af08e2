using ActorVmm.Actors;
using ActorVmm.Kernel.Inspection;
using ActorVmm.Kernel.SystemSpaces;
using ActorVmm.Machine.Words;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Views;

/// <summary>Device stacks with the packets in them, where there are any; then the devices that paging files lie on.</summary>
internal static class DevicesView
{
    public static Sheet Draw(Sight sight, IReadOnlyList<string> arguments)
    {
        var sheet = new Sheet();
        if (sight.Machine.Devices.Count > 0)
        {
            DeviceStackView[] stacks = [.. sight.Machine.Devices.Select(device => device.Inspect())];
            DrawStacks(sight, stacks, sheet);
            DrawPackets(sight, stacks, sheet);
        }

        return PagingFilesView.DrawDevices(sight, sheet);
    }

    private static void DrawStacks(Sight sight, DeviceStackView[] stacks, Sheet sheet)
    {
        SystemSpace space = sight.Machine.SystemSpace;
        sheet.Field("systemPtesUsed", "System PTEs of drivers", Cell.Pages(space.SystemPtesUsed));
        sheet.Field("systemPtesPeak", "  at most so far", Cell.Pages(space.SystemPtesPeak));
        sheet.Field("systemPtesMaximum", "  at most possible", Cell.Pages(space.SystemPteLimit));
        sheet.Line("");
        sheet.Table(
            "stacks",
            [
                ("node", "!DevObj"), ("driver", "!DrvObj"), ("buffers", "Buffers"), ("packets", "IRPs here"), ("requests", "Requests"), ("failed", "Failed"), ("current", "Current process"),
            ],
            stacks.SelectMany(stack => stack.Nodes.Select((node, at) => new[]
            {
                Cell.Word(sight.Names.NameOf(node)), Cell.Word(stack.Plan.NodeName(at)), Cell.Word(WordNames.Of(stack.Plan.Method)),
                Cell.Count(stack.Packets.Count(packet => packet.Irp.Location == at)),
                at == 0 ? Cell.Count(stack.Requests) : Cell.None, at == 0 ? Cell.Count(stack.Failed) : Cell.None, at == 0 ? Named(sight, stack.Current) : Cell.None,
            })));
        sheet.Line("");
    }

    private static void DrawPackets(Sight sight, DeviceStackView[] stacks, Sheet sheet)
    {
        sheet.Table(
            "packets",
            [
                ("irp", "Irp"), ("major", "Major"), ("device", "current location"), ("requestor", "for"), ("thread", "Thread"), ("buffers", "Buffers"), ("userBuffer", "UserBuffer"),
                ("bytes", "Bytes"), ("mdl", "Mdl"), ("systemAddress", "MappedSystemVa"), ("status", "Status"), ("frames", "pages of the MDL"),
            ],
            stacks.SelectMany(stack => stack.Packets.Select(packet => Row(sight, stack, packet))));
        sheet.Line("");
    }

    private static Cell[] Row(Sight sight, DeviceStackView stack, PacketView packet) =>
    [
        Cell.Count(packet.Packet.Value), Cell.Word(WordNames.Of(packet.Irp.Major)), Cell.Word(sight.Names.NameOf(stack.Nodes[packet.Irp.Location])),
        Named(sight, packet.Irp.Requestor), Cell.Count(packet.Irp.Request), Cell.Word(packet.Irp.IsPaging ? "paging" : WordNames.Of(packet.Irp.Method)),
        Cell.Address(packet.Irp.UserBuffer), Cell.Count(packet.Irp.Length),
        packet.Irp.Mdl == MdlId.None ? Cell.None : Cell.Count(packet.Irp.Mdl.Value), packet.Irp.SystemAddress == 0 ? Cell.None : Cell.Address(packet.Irp.SystemAddress),
        Cell.Word(WordNames.Of(packet.Irp.Status)), Cell.Word(string.Join(' ', packet.Frames)),
    ];

    private static Cell Named(Sight sight, ActorId actor) => actor.IsOutside ? Cell.None : Cell.Word(sight.Names.NameOf(actor));
}
