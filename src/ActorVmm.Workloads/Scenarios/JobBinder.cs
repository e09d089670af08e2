using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>Reads `jobs:`: limits that the processes named with them share (fact book §21).</summary>
internal static class JobBinder
{
    private const ulong MostPages = ulong.MaxValue >> PageSize.Shift;

    public static IReadOnlyList<JobPlan> Bind(ScenarioNode? node)
    {
        if (node is null)
        {
            return [];
        }

        return node is MappingNode { Entries.Count: > 0 } jobs
            ? [.. jobs.Entries.Select(entry => Job(entry.Key.Text, entry.Value))]
            : throw node.Error("`jobs` is a list of jobs by name");
    }

    private static JobPlan Job(string name, ScenarioNode node)
    {
        var fields = new Fields(node, "a job", ScenarioKeys.Job);
        return new JobPlan(name)
        {
            ProcessMemory = fields.Pages("processMemory", 1, MostPages, ulong.MaxValue),
            JobMemory = fields.Pages("jobMemory", 1, MostPages, ulong.MaxValue),
            WorkingSet = fields.Find("workingSet") is { } limits ? ProcessBinder.WorkingSet(limits) : null,
        };
    }
}
