using ActorVmm.Kernel;
using ActorVmm.Kernel.Inspection;
using ActorVmm.Kernel.SystemSpaces;
using ActorVmm.Machine.Words;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Views;

/// <summary>The pools: what is allocated of them, and where its pages are. Their pages belong to the system's own process.</summary>
internal static class PoolsView
{
    public static Sheet Draw(Sight sight, IReadOnlyList<string> arguments)
    {
        SystemSpace space = sight.Machine.SystemSpace;
        PoolUsage usage = PoolUsage.Of(sight.Machine);
        var sheet = new Sheet();
        sheet.Field("nonPagedPoolUsage", "NonPagedPool Usage", Cell.Pages(space.AllocatedOf(PoolKind.NonPaged)));
        sheet.Field("nonPagedPoolPeak", "  at most so far", Cell.Pages(space.PeakOf(PoolKind.NonPaged)));
        sheet.Field("nonPagedPoolMaximum", "NonPagedPool Max", Cell.Pages(space.LimitOf(PoolKind.NonPaged)));
        sheet.Field("nonPagedPoolResident", "  in memory", Cell.Pages(usage.NonPagedResident));
        sheet.Field("pagedPoolUsage", "PagedPool Usage", Cell.Pages(space.AllocatedOf(PoolKind.Paged)));
        sheet.Field("pagedPoolPeak", "  at most so far", Cell.Pages(space.PeakOf(PoolKind.Paged)));
        sheet.Field("pagedPoolMaximum", "PagedPool Max", Cell.Pages(space.LimitOf(PoolKind.Paged)));
        sheet.Field("pagedPoolResident", "  in the system working set", Cell.Pages(usage.PagedResident));
        sheet.Field("pagedPoolTransition", "  on standby or modified", Cell.Pages(usage.PagedTransition));
        sheet.Field("pagedPoolOut", "  in paging files", Cell.Pages(usage.PagedOut));
        sheet.Line("");
        IReadOnlyDictionary<ulong, VadView> vads = (PoolUsage.SystemOf(sight.Machine)?.InspectVads() ?? []).ToDictionary(vad => vad.Start.Value);
        return sheet.Table(
            "allocations",
            [
                ("base", "Base"), ("pages", "Pages"), ("pool", "Pool"), ("quotaOf", "charged to"), ("valid", "Valid"), ("transition", "Transition"), ("pagedOut", "Paged out"),
            ],
            space.InspectPools().Select(one => Row(sight, one, vads.GetValueOrDefault(one.Base.Value))));
    }

    private static Cell[] Row(Sight sight, PoolAllocationView one, VadView? vad) =>
    [
        Cell.Address(one.Base.Start.Value), Cell.Count(one.Pages), Cell.Word(WordNames.Of(one.Pool)),
        one.QuotaOf >= 0 && one.QuotaOf < sight.Machine.Processes.Count ? Cell.Word(sight.NameOf(sight.Machine.Processes[one.QuotaOf])) : Cell.None,
        Cell.Count(vad?.Valid ?? 0), Cell.Count(vad?.Transition ?? 0), Cell.Count(vad?.PagedOut ?? 0),
    ];
}

/// <summary>Where the pages of the pools are.</summary>
/// <param name="NonPagedResident">Of non-paged pool in memory: all of it, once it is allocated.</param>
/// <param name="PagedResident">Of paged pool in the system working set.</param>
/// <param name="PagedTransition">On the standby and modified lists.</param>
/// <param name="PagedOut">In paging files only.</param>
internal sealed record PoolUsage(long NonPagedResident, long PagedResident, long PagedTransition, long PagedOut)
{
    public static PoolUsage Of(SimulatedMachine machine)
    {
        var regions = SystemRegions.Of(machine.Plan.Platform);
        IReadOnlyList<VadView> vads = SystemOf(machine)?.InspectVads() ?? [];
        VadView[] paged = [.. vads.Where(vad => regions.IsPagedPool(vad.Start))];
        return new PoolUsage(
            vads.Where(vad => regions.IsNonPagedPool(vad.Start)).Sum(vad => (long)vad.Valid),
            paged.Sum(vad => (long)vad.Valid), paged.Sum(vad => (long)vad.Transition), paged.Sum(vad => (long)vad.PagedOut));
    }

    /// <summary>The system's own process; null on a machine without one.</summary>
    public static Process? SystemOf(SimulatedMachine machine) => machine.Processes.FirstOrDefault(process => process.Plan.IsSystem);
}
