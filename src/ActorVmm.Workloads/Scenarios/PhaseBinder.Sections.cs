using ActorVmm.Protocol;
using ActorVmm.Workloads.Generators;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>Views of sections: mapped by the section's name, and from then on a region like any other.</summary>
internal sealed partial class PhaseBinder
{
    /// <summary>What may be mapped.</summary>
    public IReadOnlyList<SectionPlan> Sections { get; init; } = [];

    private CallPhase Map(ScenarioNode node)
    {
        var fields = new Fields(node, "map", ScenarioKeys.Map);
        ScenarioNode named = fields.Required("section");
        uint number = SectionOf(named);
        SectionPlan section = Sections[(int)number - 1];
        string name = fields.RequiredText("name");
        (ulong offset, ulong pages) = PartOf(fields, section);
        if (_regions.TryGetValue(name, out Region? region))
        {
            // Mapped again, after it was unmapped: the same place.
            if (region.View.Section != number)
            {
                throw node.Error($"there is a region `{InputException.Clip(name)}` already, and it is no view of {named.Kind}");
            }

            if (region.View.Offset != offset << PageSize.Shift || region.Pages != pages)
            {
                throw node.Error($"view `{InputException.Clip(name)}` is of another part of the section here than before");
            }
        }
        else
        {
            ulong place = PlaceOf(fields, section, pages, node);
            bool rest = offset + pages == section.Pages;
            _regions.Add(name, region = new Region(place, pages)
            {
                View = new ViewOperation(place, number, offset << PageSize.Shift, rest ? 0 : pages),
                Committed = section.IsCommitted ? pages : 0,
            });
        }

        PageProtection otherwise = section.IsImage ? PageProtection.ExecuteWriteCopy : PageProtection.ReadWrite;
        return new CallPhase(region.View.With(Protection(fields.Find("protect"), otherwise)));
    }

    /// <summary>An image goes where it would like to be, once; everything else one after the other.</summary>
    private ulong PlaceOf(Fields fields, SectionPlan section, ulong pages, ScenarioNode node)
    {
        if (fields.Find("address") is { } address)
        {
            return Fields.Address(address, "address");
        }

        bool taken = _regions.Values.Any(region => region.Address < section.PreferredBase + (pages << PageSize.Shift) && section.PreferredBase < region.End);
        return section.PreferredBase == 0 || taken ? PlaceFor(pages, node) : section.PreferredBase;
    }

    private CallPhase Unmap(ScenarioNode node)
    {
        var fields = new Fields(node, "unmap", ScenarioKeys.Unmap);
        return new CallPhase(new Operation(OperationKind.UnmapView, ViewOf(fields).Address));
    }

    private CallPhase Flush(ScenarioNode node)
    {
        var fields = new Fields(node, "flush", ScenarioKeys.Flush);
        Region region = ViewOf(fields);
        (ulong offset, ulong pages) = Stretch(fields, region, region.Pages);
        return Call(OperationKind.FlushView, region, offset, pages, PageProtection.None);
    }

    private Region ViewOf(Fields fields)
    {
        Region region = RegionOf(fields);
        return region.IsView ? region : throw fields.Required("region").Error($"{fields.Required("region").Kind} is no view of a section");
    }

    /// <summary>Offset and length in pages. Offsets are multiples of 64 KB, as the allocation granularity wants them.</summary>
    private static (ulong Offset, ulong Pages) PartOf(Fields fields, SectionPlan section)
    {
        ulong offset = fields.Find("offset") is { } from ? Fields.Bytes(from, "offset", 0, Math.Min(ViewOperation.MostOffset, (section.Pages - 1) << PageSize.Shift)) : 0;
        if (offset % PageSize.GranularityBytes != 0)
        {
            throw fields.Required("offset").Error("`offset` is a multiple of 64 KiB, or Windows says STATUS_MAPPED_ALIGNMENT");
        }

        ulong rest = section.Pages - (offset >> PageSize.Shift);
        return (offset >> PageSize.Shift, fields.Pages("size", 1, fields.Has("size") && rest > ViewOperation.MostPages ? ViewOperation.MostPages : rest, rest));
    }

    private uint SectionOf(ScenarioNode node)
    {
        string name = Fields.Scalar(node);
        int place = Sections.ToList().FindIndex(plan => string.Equals(plan.Name, name, StringComparison.Ordinal));
        return place >= 0
            ? (uint)place + 1
            : throw node.Error($"there is no section {node.Kind} under `sections`{Suggestion.For(name, [.. Sections.Select(plan => plan.Name)])}");
    }
}
