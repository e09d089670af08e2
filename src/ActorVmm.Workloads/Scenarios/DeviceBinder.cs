using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>Reads `devices:` of a machine: device stacks by name, each a class driver, filters, a port driver and a device (fact book §24).</summary>
internal static class DeviceBinder
{
    private const int MostPackets = 4096;

    private static readonly SortedDictionary<string, BufferMethod> _methods = new(StringComparer.Ordinal)
    {
        ["buffered"] = BufferMethod.Buffered,
        ["direct"] = BufferMethod.Direct,
        ["neither"] = BufferMethod.Neither,
    };

    private static readonly SortedDictionary<string, DriverConduct> _conducts = new(StringComparer.Ordinal)
    {
        ["locks-pages"] = DriverConduct.LocksPages,
        ["keeps-address"] = DriverConduct.KeepsAddress,
        ["forgets-to-unlock"] = DriverConduct.ForgetsToUnlock,
    };

    public static IReadOnlyList<DevicePlan> Bind(ScenarioNode? node)
    {
        if (node is null)
        {
            return [];
        }

        return node is MappingNode { Entries.Count: > 0 } devices
            ? [.. devices.Entries.Select(entry => Device(entry.Key.Text, entry.Value))]
            : throw node.Error("`devices` is a list of devices by name");
    }

    /// <summary>The number of a device that is named, from 0.</summary>
    public static int NumberOf(ScenarioNode node, IReadOnlyList<DevicePlan> devices, bool forPaging)
    {
        string name = Fields.Scalar(node);
        int device = devices.ToList().FindIndex(plan => string.Equals(plan.Name, name, StringComparison.Ordinal));
        if (device < 0)
        {
            throw node.Error($"there is no device {node.Kind} under `devices`{Suggestion.For(name, [.. devices.Select(plan => plan.Name)])}");
        }

        return forPaging && devices[device].Method != BufferMethod.Direct
            ? throw node.Error($"a paging file lies on a device with `buffers: direct`: pages are read into their own frames")
            : device;
    }

    private static DevicePlan Device(string name, ScenarioNode node)
    {
        var fields = new Fields(node, "a device", ScenarioKeys.Device);
        var plan = new DevicePlan(name);
        plan = plan with
        {
            Filters = (int)fields.Whole("filters", 0, DevicePlan.MostFilters, plan.Filters),
            Method = fields.Name("buffers", _methods, plan.Method),
            Conduct = fields.Name("driver", _conducts, plan.Conduct),
            Latency = fields.Distribution("latency", plan.Latency),
            TicksPerPage = fields.Time("perPage", new Ticks(plan.TicksPerPage)).Value,
            QueueDepth = (int)fields.Whole("queueDepth", 1, 1024, plan.QueueDepth),
            Packets = (int)fields.Whole("packets", 1, MostPackets, plan.Packets),
            PassiveCompletions = (int)fields.Share("passive", 1000, plan.PassiveCompletions),
            HandlesExceptions = fields.Truth("handlesExceptions", plan.HandlesExceptions),
        };
        if (plan.Conduct != DriverConduct.LocksPages && plan.Method != BufferMethod.Neither)
        {
            throw fields.Required("driver").Error("a driver gets to break the rule where it is given the address: `buffers: neither`; otherwise the I/O manager sees to the buffer");
        }

        return plan;
    }
}
