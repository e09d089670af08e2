using ActorVmm.Protocol;
using ActorVmm.Workloads.Generators;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>Requests to devices: a stretch of a region is the buffer.</summary>
internal sealed partial class PhaseBinder
{
    /// <summary>Pages of one memory descriptor list.</summary>
    private const ulong MostBufferPages = 16;

    /// <summary>What may be asked.</summary>
    public IReadOnlyList<DevicePlan> Devices { get; init; } = [];

    private PhaseList AskDevice(OperationKind kind, string what, ScenarioNode node)
    {
        var fields = new Fields(node, what, ScenarioKeys.DeviceRequest);
        int device = DeviceBinder.NumberOf(fields.Required("device"), Devices, forPaging: false);
        Region region = RegionOf(fields);
        if (region.IsView)
        {
            throw fields.Required("region").Error("the buffer of a device is private memory here, not a view of a section");
        }

        ulong offset = fields.Pages("offset", 0, region.Pages - 1, 0);
        ulong pages = fields.Pages("size", 1, Math.Min(region.Pages - offset, MostBufferPages), 1);
        var request = new Operation(kind, region.Address + (offset << PageSize.Shift), (pages << PageSize.Shift) | ((ulong)device << Operation.DeviceShift));
        return new PhaseList([new CallPhase(request)], fields.Whole("count", 0, MostTouches, 1));
    }
}
