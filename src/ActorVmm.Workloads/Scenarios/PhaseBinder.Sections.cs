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
        ScenarioNode section = fields.Required("section");
        ulong number = SectionOf(section);
        string name = fields.RequiredText("name");
        ulong pages = Sections[(int)number - 1].Pages;
        if (_regions.TryGetValue(name, out Region? region))
        {
            // Mapped again, after it was released: the same place.
            if (region.Section != number)
            {
                throw node.Error($"there is a region `{InputException.Clip(name)}` already, and it is no view of {section.Kind}");
            }
        }
        else
        {
            ulong place = fields.Find("address") is { } address ? AddressOf(address) : PlaceFor(pages, node);
            _regions.Add(name, region = new Region(place, pages) { Section = number, Committed = pages });
        }

        return new CallPhase(new Operation(OperationKind.MapView, region.Address, number, Protection(fields.Find("protect"), PageProtection.ReadWrite)));
    }

    private ulong SectionOf(ScenarioNode node)
    {
        string name = Fields.Scalar(node);
        int place = Sections.ToList().FindIndex(plan => string.Equals(plan.Name, name, StringComparison.Ordinal));
        return place >= 0
            ? (ulong)place + 1
            : throw node.Error($"there is no section {node.Kind} under `sections`{Suggestion.For(name, [.. Sections.Select(plan => plan.Name)])}");
    }
}
