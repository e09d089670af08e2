using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>Reads `machine:` and machine files into a <see cref="MachinePlan"/>.</summary>
internal static class MachineBinder
{
    private const ulong MostFrames = uint.MaxValue - 1;
    private const ulong MostSlots = uint.MaxValue;
    private const int MostPagingFiles = 16;

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
            throw files[MostPagingFiles].Error("Windows has at most 16 paging files");
        }

        return new MachinePlan((uint)Fields.Pages(fields.Required("ram"), "ram", 64, MostFrames))
        {
            Processors = (int)fields.Whole("cpus", 1, 64, 2),
            PagingFiles = [.. files.Select(PagingFile)],
            Costs = fields.Find("turnCosts") is { } costs ? TurnCosts(costs) : new TurnCosts(),
        };
    }

    private static PagingFilePlan PagingFile(ScenarioNode node)
    {
        var fields = new Fields(node, "a paging file", ScenarioKeys.PagingFile);
        uint pages = (uint)Fields.Pages(fields.Required("size"), "size", 256, MostSlots);
        var plan = new PagingFilePlan(pages);
        return plan with
        {
            MaximumPages = (uint)fields.Pages("maximum", pages, MostSlots, pages),
            Latency = fields.Distribution("latency", plan.Latency),
            TicksPerPage = fields.Time("perPage", new Ticks(plan.TicksPerPage)).Value,
            QueueDepth = (int)fields.Whole("queueDepth", 1, 1024, plan.QueueDepth),
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
