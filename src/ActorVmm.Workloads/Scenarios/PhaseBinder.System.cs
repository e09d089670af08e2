using System.Globalization;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Generators;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>Phases that are not about user memory: what threads say of themselves, and what threads of the system allocate.</summary>
internal sealed partial class PhaseBinder
{
    private static readonly SystemRegions _system = SystemRegions.Of(new Platform());

    private static readonly SortedDictionary<string, PoolKind> _pools = new(StringComparer.Ordinal)
    {
        ["nonpaged"] = PoolKind.NonPaged,
        ["paged"] = PoolKind.Paged,
    };

    /// <summary>Where the next allocation goes, by pool.</summary>
    private readonly ulong[] _nextPool = [_system.NonPagedPool.Value, _system.PagedPool.Value];

    private static CallPhase MemoryPriority(ScenarioNode node) =>
        byte.TryParse(Fields.Scalar(node), NumberStyles.None, CultureInfo.InvariantCulture, out byte priority) && priority <= ProcessBinder.MostMemoryPriority
            ? new CallPhase(new Operation(OperationKind.SetMemoryPriority, 0, priority))
            : throw node.Error($"`memoryPriority` is a whole number from 0 to 7, not {node.Kind}");

    /// <summary>Reserved and committed at once, whole pages of 2 MB; at a multiple of 1 GB where the region is so large.</summary>
    private CallPhase LargePages(ScenarioNode node)
    {
        const ulong LargePage = 2UL << 20;
        const ulong HugePage = 1UL << 30;
        var fields = new Fields(node, "largePages", ScenarioKeys.LargePages);
        string name = fields.RequiredText("name");
        ScenarioNode size = fields.Required("size");
        ulong bytes = Fields.Pages(size, "size", 1, MostPages) << PageSize.Shift;
        if (bytes % LargePage != 0)
        {
            throw size.Error("`size` is a multiple of 2 MiB, the size of a large page");
        }

        ulong alignment = bytes >= HugePage ? HugePage : LargePage;
        ulong address = (_nextAddress + alignment - 1) & ~(alignment - 1);
        if (!_regions.TryAdd(name, new Region(address, bytes >> PageSize.Shift) { Committed = bytes >> PageSize.Shift }))
        {
            throw node.Error($"there is a region `{InputException.Clip(name)}` already");
        }

        _nextAddress = address + bytes + PageSize.GranularityBytes;
        return new CallPhase(new Operation(OperationKind.AllocateLarge, address, bytes, PageProtection.ReadWrite));
    }

    private CallPhase AllocatePool(ScenarioNode node)
    {
        if (quotaOf is null)
        {
            throw node.Error("only a process with `system: true` allocates pool");
        }

        const ulong Most = (1UL << Operation.QuotaShift) - 1;
        var fields = new Fields(node, "allocatePool", ScenarioKeys.AllocatePool);
        string name = fields.RequiredText("name");
        PoolKind pool = fields.Name("pool", _pools, PoolKind.Paged);
        ulong pages = Fields.Pages(fields.Required("size"), "size", 1, Most);
        ulong quota = fields.Find("quotaOf") is { } process ? (ulong)quotaOf(process) : 0;
        if (_regions.TryGetValue(name, out Region? region))
        {
            // Allocated again, after it was freed: the same place.
            if (region.Pages != pages)
            {
                throw node.Error($"pool `{InputException.Clip(name)}` has another size here than before");
            }
        }
        else
        {
            _regions.Add(name, region = new Region(_nextPool[(int)pool], pages) { Committed = pages });
            _nextPool[(int)pool] += pages << PageSize.Shift;
        }

        return new CallPhase(new Operation(OperationKind.AllocatePool, region.Address, pages | (quota << Operation.QuotaShift)));
    }

    private CallPhase FreePool(ScenarioNode node)
    {
        var fields = new Fields(node, "freePool", ScenarioKeys.FreePool);
        ScenarioNode name = fields.Required("name");
        return _regions.TryGetValue(Fields.Scalar(name), out Region? region)
            ? new CallPhase(new Operation(OperationKind.FreePool, region.Address))
            : throw name.Error(string.Create(CultureInfo.InvariantCulture, $"no phase before this one allocates pool {name.Kind}"));
    }
}
