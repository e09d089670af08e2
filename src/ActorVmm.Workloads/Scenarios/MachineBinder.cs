using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>Reads `machine:` and machine files into a <see cref="MachinePlan"/>.</summary>
internal static class MachineBinder
{
    /// <summary>Two pages and the four tables above each. Fewer than 64 frames are for exploration, where every frame multiplies the orders.</summary>
    private const ulong LeastFrames = 10;
    private const ulong MostFrames = uint.MaxValue - 1;
    private const ulong MostSlots = uint.MaxValue;
    private const ulong LeastSlots = 256;
    private const int MostPagingFiles = 16;

    private const ulong PagesPerMegabyte = 256;
    private const ulong LeastUserPages = Protocol.Platform.LeastUserMegabytes * PagesPerMegabyte;
    private const ulong MostUserPages = 3072 * PagesPerMegabyte;

    private static readonly SortedDictionary<string, ProcessorArchitecture> _architectures = new(StringComparer.Ordinal)
    {
        ["x64"] = ProcessorArchitecture.X64,
        ["x86"] = ProcessorArchitecture.X86,
        ["x86-pae"] = ProcessorArchitecture.X86Pae,
    };

    private static readonly SortedDictionary<string, bool> _executeOnly = new(StringComparer.Ordinal) { ["hardware"] = false, ["enforced"] = true };

    public static MachinePlan Bind(ScenarioNode node)
    {
        var fields = new Fields(node, "a machine", ScenarioKeys.Machine);
        if (fields.Whole("version", 1, 1, 1) == 1 && fields.Whole("numaNodes", 1, 64, 1) > 1)
        {
            throw new NotBuiltException(fields.Required("numaNodes").Place, "more than one NUMA node");
        }

        IReadOnlyList<ScenarioNode> files = fields.Items("pagingFiles");
        if (files.Count > MostPagingFiles)
        {
            throw files[MostPagingFiles].Error("STATUS_TOO_MANY_PAGING_FILES (0xC0000097): Windows has at most 16 paging files");
        }

        IReadOnlyList<DevicePlan> devices = DeviceBinder.Bind(fields.Find("devices"));
        uint frames = (uint)Fields.Pages(fields.Required("ram"), "ram", LeastFrames, MostFrames);
        return new MachinePlan(frames)
        {
            Processors = (int)fields.Whole("cpus", 1, 64, 2),
            PagingFiles = [.. files.Select(file => PagingFile(file, frames, devices))],
            Devices = devices,
            System = fields.Find("system") is { } system ? SystemSpace(system) : new SystemPlan(),
            Platform = Platform(fields),
            Costs = fields.Find("turnCosts") is { } costs ? TurnCosts(costs) : new TurnCosts(),
        };
    }

    private static Platform Platform(Fields fields)
    {
        var platform = new Platform();
        ProcessorArchitecture architecture = fields.Name("architecture", _architectures, platform.Architecture);
        int megabytes = (int)(fields.Pages("userSpace", LeastUserPages, MostUserPages, LeastUserPages) / PagesPerMegabyte);
        if (architecture == ProcessorArchitecture.X64 && fields.Find("userSpace") is { } space)
        {
            throw space.Error("`userSpace` goes with 32-bit architectures; x64 has 128 TB for each process");
        }

        return platform with
        {
            Architecture = architecture,
            UserMegabytes = megabytes,
            DataExecutionPrevention = fields.Truth("dep", platform.DataExecutionPrevention),
            EnforcesExecuteOnly = fields.Name("executeOnly", _executeOnly, platform.EnforcesExecuteOnly),
        };
    }

    private static PagingFilePlan PagingFile(ScenarioNode node, uint frames, IReadOnlyList<DevicePlan> devices)
    {
        var fields = new Fields(node, "a paging file", ScenarioKeys.PagingFile);
        (uint pages, uint maximum) = fields.Truth("systemManaged", false) ? SystemManaged(fields, frames) : (0, 0);
        if (pages == 0)
        {
            pages = (uint)Fields.Pages(fields.Required("size"), "size", LeastSlots, MostSlots);
            maximum = (uint)fields.Pages("maximum", pages, MostSlots, pages);
        }

        var plan = new PagingFilePlan(pages);
        return plan with
        {
            MaximumPages = maximum,
            ExtensionTicks = fields.Time("extensionTime", Ticks.Zero).Value,
            Latency = fields.Distribution("latency", plan.Latency),
            TicksPerPage = fields.Time("perPage", new Ticks(plan.TicksPerPage)).Value,
            QueueDepth = (int)fields.Whole("queueDepth", 1, 1024, plan.QueueDepth),
            Device = fields.Find("device") is { } device ? 1 + DeviceBinder.NumberOf(device, devices, forPaging: true) : 0,
        };
    }

    /// <summary>
    /// What Windows makes of a paging file that it manages itself (fact book §21): an eighth of memory to begin with; at most three times
    /// memory, or 4 GB if that is more; never more than an eighth of its volume.
    /// </summary>
    private static (uint Pages, uint Maximum) SystemManaged(Fields fields, uint frames)
    {
        foreach (string key in new[] { "size", "maximum" })
        {
            if (fields.Find(key) is { } given)
            {
                throw given.Error($"the system manages this paging file: `{key}` does not go with it");
            }
        }

        const ulong FourGigabytes = 4UL << (30 - PageSize.Shift);
        ulong volume = Fields.Pages(fields.Required("volume"), "volume", LeastSlots * 8, ulong.MaxValue >> PageSize.Shift);
        ulong maximum = Math.Min(Math.Min(Math.Max(frames * 3UL, FourGigabytes), volume / 8), MostSlots);
        return ((uint)Math.Clamp(frames / 8, LeastSlots, maximum), (uint)maximum);
    }

    private static SystemPlan SystemSpace(ScenarioNode node)
    {
        const ulong Most = ulong.MaxValue >> PageSize.Shift;
        var fields = new Fields(node, "system", ScenarioKeys.System);
        return new SystemPlan
        {
            NonPagedPool = fields.Pages("nonPagedPool", 1, Most, 0),
            PagedPool = fields.Pages("pagedPool", 1, Most, 0),
            NonPagedPoolQuota = fields.Pages("nonPagedPoolQuota", 1, Most, ulong.MaxValue),
            PagedPoolQuota = fields.Pages("pagedPoolQuota", 1, Most, ulong.MaxValue),
            KernelStacks = fields.Truth("kernelStacks", false),
            SystemPtes = (uint)fields.Pages("systemPtes", 1, 1U << 20, 0),
        };
    }

    private static TurnCosts TurnCosts(ScenarioNode node)
    {
        var fields = new Fields(node, "turnCosts", ScenarioKeys.TurnCosts);
        var costs = new TurnCosts();
        return new TurnCosts
        {
            Access = fields.Time("access", new Ticks(costs.Access)).Value,
            PageWalk = fields.Time("pageWalk", new Ticks(costs.PageWalk)).Value,
            SoftFault = fields.Time("softFault", new Ticks(costs.SoftFault)).Value,
            DemandZeroFault = fields.Time("demandZeroFault", new Ticks(costs.DemandZeroFault)).Value,
            HardFault = fields.Time("hardFault", new Ticks(costs.HardFault)).Value,
            Call = fields.Time("call", new Ticks(costs.Call)).Value,
            ZeroPage = fields.Time("zeroPage", new Ticks(costs.ZeroPage)).Value,
            FrameOperation = fields.Time("frameOperation", new Ticks(costs.FrameOperation)).Value,
            TrimmedPage = fields.Time("trimmedPage", new Ticks(costs.TrimmedPage)).Value,
        };
    }
}
