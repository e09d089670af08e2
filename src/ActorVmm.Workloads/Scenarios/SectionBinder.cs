using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>Reads `sections:`: memory backed by paging files that processes map by its name (fact book §13).</summary>
internal static class SectionBinder
{
    private const ulong MostPages = Operation.MaxArgument >> PageSize.Shift;

    public static IReadOnlyList<SectionPlan> Bind(ScenarioNode? node)
    {
        if (node is null)
        {
            return [];
        }

        return node is MappingNode { Entries.Count: > 0 } sections
            ? [.. sections.Entries.Select(entry => Section(entry.Key.Text, entry.Value))]
            : throw node.Error("`sections` is a list of sections by name");
    }

    private static SectionPlan Section(string name, ScenarioNode node)
    {
        var fields = new Fields(node, "a section", ScenarioKeys.Section);
        return new SectionPlan(name, Fields.Pages(fields.Required("size"), "size", 1, MostPages));
    }
}
