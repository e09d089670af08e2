using System.Globalization;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Generators;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>
/// Compiles the phases of one kind of process. Regions stand one after the other from 0x1_0000_0000 up, at multiples of
/// 64 KB, with one granule free between them. All threads share them and do the same phases, but only the first thread
/// changes or gives memory back (protect, decommit, release): reserve and commit are done by each, so that no thread touches
/// what is not there yet; the first wins, the others are told ConflictingAddresses for the reservation and go on.
/// </summary>
internal sealed partial class PhaseBinder(Dictionary<(long Items, decimal Exponent), Distribution> zipfs, ulong highestUser, bool is64Bit, Func<ScenarioNode, int>? quotaOf = null)
{
    private const ulong FirstAddress = 0x1_0000_0000;
    private const ulong FirstAddress32 = 0x40_0000;
    private const ulong MostPages = Operation.MaxArgument >> PageSize.Shift;
    private const int MostTouches = int.MaxValue;

    private static readonly string[] _patterns =
        ["sequential", "random", "uniform", "zipf(0.99)", "stride(16 pages)", "loop(64 pages)", "local(94%, 64 pages)"];

    private readonly Dictionary<string, Region> _regions = new(StringComparer.Ordinal);
    private ulong _nextAddress = is64Bit ? FirstAddress : FirstAddress32;

    /// <summary>What the first thread does, and what every other one does.</summary>
    public (Phase First, Phase Others) Bind(IReadOnlyList<ScenarioNode> nodes, Place place, long times = 1)
    {
        var first = new List<Phase>();
        var others = new List<Phase>();
        foreach (ScenarioNode node in nodes)
        {
            var fields = new Fields(node, "a phase", ScenarioKeys.Phase);
            if (node is not MappingNode { Entries: [var entry] })
            {
                throw node.Error("a phase has one key: " + string.Join(", ", ScenarioKeys.Phase));
            }

            (Phase? mine, Phase? theirs) = Bind(entry.Key.Text, entry.Value, fields.Place);
            first.AddRange(mine is null ? [] : [mine]);
            others.AddRange(theirs is null ? [] : [theirs]);
        }

        try
        {
            return (new PhaseList(first, times), new PhaseList(others, times));
        }
        catch (OverflowException)
        {
            throw new InputException(place, "these phases have more than 2^60 operations");
        }
    }

    private (Phase? First, Phase? Others) Bind(string kind, ScenarioNode node, Place place) => kind switch
    {
        "map" or "unmap" or "flush" or "reserve" or "commit" or "decommit" or "release" or "protect" or "largePages" or "readDevice" or "writeDevice" when quotaOf is not null =>
            throw node.Error($"a process of the system has no user memory to {kind}: `allocatePool`"),
        "reserve" => Both(Reserve(node)),
        "commit" => Both(Commit(node)),
        "touch" => Both(Touch(node)),
        "idle" => Both(new IdlePhase(Fields.DistributionOf(node))),
        "memoryPriority" => Both(MemoryPriority(node)),
        "largePages" => Both(LargePages(node)),
        "map" => Both(Map(node)),
        "unmap" => (Unmap(node), null),
        "flush" => (Flush(node), null),
        "readDevice" => Both(AskDevice(OperationKind.ReadDevice, "readDevice", node)),
        "writeDevice" => Both(AskDevice(OperationKind.WriteDevice, "writeDevice", node)),
        "allocatePool" => Both(AllocatePool(node)),
        "freePool" => (FreePool(node), null),
        "protect" => (Protect(node), null),
        "decommit" => (Decommit(node), null),
        "release" => (Release(node), null),
        "repeat" => Repeat(node),
        "execute" => Both(Execute(node)),
        "stack" => Both(Stack(node)),
        _ => throw new InputException(place, "a phase has one key: " + string.Join(", ", ScenarioKeys.Phase)),
    };

    private static (Phase First, Phase Others) Both(Phase phase) => (phase, phase);

    private CallPhase Reserve(ScenarioNode node)
    {
        var fields = new Fields(node, "reserve", ScenarioKeys.Reserve);
        string name = fields.RequiredText("name");
        ulong pages = Fields.Pages(fields.Required("size"), "size", 1, MostPages);
        if (_regions.TryGetValue(name, out Region? region))
        {
            // Reserved again, after a release: the same place.
            if (region.IsView)
            {
                throw node.Error($"`{InputException.Clip(name)}` is a view of a section already");
            }

            if (region.Pages != pages)
            {
                throw node.Error($"region `{InputException.Clip(name)}` has another size here than before");
            }
        }
        else
        {
            _regions.Add(name, region = new Region(fields.Find("address") is { } address ? Fields.Address(address, "address") : PlaceFor(pages, node), pages));
        }

        return new CallPhase(new Operation(OperationKind.Reserve, region.Address, region.Pages << PageSize.Shift, PageProtection.ReadWrite));
    }

    /// <summary>The next place for so many pages, with a granule free behind it.</summary>
    private ulong PlaceFor(ulong pages, ScenarioNode node)
    {
        ulong granules = (((pages << PageSize.Shift) - 1) / PageSize.GranularityBytes) + 2;
        ulong place = _nextAddress;
        if (granules * PageSize.GranularityBytes > highestUser - place)
        {
            throw node.Error("the regions of this process do not fit into user memory");
        }

        _nextAddress += granules * PageSize.GranularityBytes;
        return place;
    }

    private CallPhase Commit(ScenarioNode node)
    {
        var fields = new Fields(node, "commit", ScenarioKeys.Commit);
        Region region = RegionOf(fields);
        (ulong offset, ulong pages) = Stretch(fields, region, region.Pages);
        region.Committed = Math.Max(region.Committed, offset + pages);
        return Call(OperationKind.Commit, region, offset, pages, Protection(fields.Find("protect"), PageProtection.ReadWrite));
    }

    private CallPhase Protect(ScenarioNode node)
    {
        var fields = new Fields(node, "protect", ScenarioKeys.Protect);
        Region region = RegionOf(fields);
        (ulong offset, ulong pages) = Stretch(fields, region, region.Committed);
        return Call(OperationKind.Protect, region, offset, pages, Protection(fields.Required("protect"), PageProtection.None));
    }

    private CallPhase Decommit(ScenarioNode node)
    {
        var fields = new Fields(node, "decommit", ScenarioKeys.Decommit);
        Region region = RegionOf(fields);
        (ulong offset, ulong pages) = Stretch(fields, region, region.Committed);
        return Call(OperationKind.Decommit, region, offset, pages, PageProtection.None);
    }

    private CallPhase Release(ScenarioNode node)
    {
        var fields = new Fields(node, "release", ScenarioKeys.Release);
        Region region = RegionOf(fields);
        return new CallPhase(new Operation(region.IsView ? OperationKind.UnmapView : OperationKind.Release, region.Address));
    }

    private TouchPhase Touch(ScenarioNode node)
    {
        var fields = new Fields(node, "touch", ScenarioKeys.Touch);
        Region region = RegionOf(fields);
        (ulong offset, ulong pages) = Stretch(fields, region, region.Committed);
        AccessPattern pattern = new(AccessOrder.Sequential);
        if (fields.Find("pattern") is { } text)
        {
            pattern = Pattern(text, ref pages);
        }

        long count = fields.Whole("count", 0, MostTouches, (long)Math.Min(pages, MostTouches));
        ulong writes = (ulong)fields.Share("writes", (long)TouchPhase.Always, 0);
        Distribution? ranks = null;
        if (pattern.Order == AccessOrder.Zipf && !zipfs.TryGetValue(((long)pages, pattern.Exponent), out ranks))
        {
            zipfs.Add(((long)pages, pattern.Exponent), ranks = Distribution.Zipf((long)pages, pattern.Exponent));
        }

        return new TouchPhase(region.Address + (offset << PageSize.Shift), pages, pattern, writes, count, ranks);
    }

    private (Phase First, Phase Others) Repeat(ScenarioNode node)
    {
        var fields = new Fields(node, "repeat", ScenarioKeys.Repeat);
        fields.Required("times");
        fields.Required("phases");
        return Bind(fields.Items("phases"), node.Place, fields.Whole("times", 0, long.MaxValue, 1));
    }

    /// <summary>The pattern; `loop(n)` narrows the pages.</summary>
    private static AccessPattern Pattern(ScenarioNode node, ref ulong pages)
    {
        string text = Fields.Scalar(node);
        DistributionText.TryCall(text, out string name, out string[] arguments);
        ulong size = 0;
        switch (name, arguments.Length)
        {
            case ("sequential" or "loop", 0):
                return new AccessPattern(AccessOrder.Sequential);
            case ("random" or "uniform", 0):
                return new AccessPattern(AccessOrder.Uniform);
            case ("loop", 1) when Quantity.TrySize(arguments[0], out size) is null && size > 0:
                pages = Math.Min(pages, PageSize.PagesOf(size));
                return new AccessPattern(AccessOrder.Sequential);
            case ("stride", 1) when Quantity.TrySize(arguments[0], out size) is null && size > 0:
                return new AccessPattern(AccessOrder.Stride, PageSize.PagesOf(size));
            case ("zipf", 1) when Quantity.TryNumber(arguments[0], out decimal exponent) && exponent is >= 0 and <= 64:
                return new AccessPattern(AccessOrder.Zipf, Exponent: exponent);
            case ("local", 2) when Quantity.TryShare(arguments[0], out decimal chance) is null
                && Quantity.TrySize(arguments[1], out size) is null && size > 0:
                return new AccessPattern(AccessOrder.Local, PageSize.PagesOf(size), (ulong)(chance * ulong.MaxValue));
            default:
                throw node.Error($"`pattern` cannot be {node.Kind}; known are " + string.Join(", ", _patterns));
        }
    }

    private static CallPhase Call(OperationKind kind, Region region, ulong offset, ulong pages, PageProtection protection) =>
        new(new Operation(kind, region.Address + (offset << PageSize.Shift), pages << PageSize.Shift, protection));

    private static PageProtection Protection(ScenarioNode? node, PageProtection otherwise) =>
        node is null
            ? otherwise
            : ProtectionText.TryParse(Fields.Scalar(node), out PageProtection protection)
                ? protection
                : throw node.Error($"{node.Kind} is no protection: {ProtectionText.Names}");

    /// <summary>Offset and length in pages, within the reservation.</summary>
    private static (ulong Offset, ulong Pages) Stretch(Fields fields, Region region, ulong end)
    {
        ulong offset = fields.Pages("offset", 0, region.Pages - 1, 0);
        if (!fields.Has("size") && end <= offset)
        {
            throw new InputException(fields.Place, $"nothing is committed there: {fields.What} needs `size`");
        }

        return (offset, fields.Pages("size", 1, region.Pages - offset, Math.Max(end, offset + 1) - offset));
    }

    private Region RegionOf(Fields fields)
    {
        ScenarioNode node = fields.Required("region");
        return _regions.TryGetValue(Fields.Scalar(node), out Region? region)
            ? region
            : throw node.Error(string.Create(CultureInfo.InvariantCulture, $"no phase before this one reserves a region {node.Kind}"));
    }

    /// <summary>A reservation of the process.</summary>
    private sealed class Region(ulong address, ulong pages)
    {
        public ulong Address { get; } = address;

        public ulong Pages { get; } = pages;

        /// <summary>The first address behind it.</summary>
        public ulong End => Address + (Pages << PageSize.Shift);

        /// <summary>What it is a view of; of no section when it is private memory.</summary>
        public ViewOperation View { get; init; }

        public bool IsView => View.Section > 0;

        /// <summary>Where the furthest commit so far ends, in pages from the start.</summary>
        public ulong Committed { get; set; }
    }
}
