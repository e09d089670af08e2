using System.Globalization;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>
/// Windows grants a hard minimum of a working set only if it can keep it (fact book §18): the frames are promised, first come, first served.
/// A scenario whose promises do not fit is refused before it runs, because its last process would wait for ever.
/// </summary>
internal static class HardMinimums
{
    /// <summary>Tables that a process cannot do without, and frames of a request that nobody else can use meanwhile.</summary>
    private const ulong TablesPerProcess = 4;
    private const ulong LargestRequest = 6;

    /// <summary>Pages of a kernel stack on x64, and those of a working set that must not be locked.</summary>
    private const int StackPages = 6;
    private const int NotLocked = 8;

    /// <summary>A hard maximum must leave room for the kernel stacks of the process's threads, which are never replaced.</summary>
    public static void CheckStacks(SystemPlan system, IReadOnlyList<ProcessPlan> plans, ScenarioNode node)
    {
        ProcessPlan? cramped = !system.KernelStacks ? null
            : plans.FirstOrDefault(plan => plan.WorkingSet.HardMaximum && plan.WorkingSet.Maximum < (StackPages * plan.Threads.Count) + NotLocked);
        if (cramped is not null)
        {
            throw node.Error(string.Create(
                CultureInfo.InvariantCulture,
                $"`{InputException.Clip(cramped.Name)}` has a hard maximum of {cramped.WorkingSet.Maximum} pages, and {cramped.Threads.Count} threads with kernel stacks of {StackPages} pages"));
        }
    }

    /// <exception cref="InputException">They do not fit; the place is that of the processes.</exception>
    public static void Check(uint frames, IReadOnlyList<ProcessPlan> plans, IReadOnlyList<LoadStep> load, ScenarioNode node)
    {
        if (!plans.Any(plan => plan.WorkingSet.HardMinimum))
        {
            return;
        }

        int alive = load.Count == 0 ? plans.Count : load.Max(step => step.Processes);
        ulong needed = LargestRequest + (TablesPerProcess * (ulong)alive);
        for (int serial = 0; serial < alive; serial++)
        {
            WorkingSetLimits limits = plans[serial % plans.Count].WorkingSet;
            needed += limits.HardMinimum ? (ulong)limits.Minimum : 0;
        }

        if (needed > frames)
        {
            throw node.Error(string.Create(
                CultureInfo.InvariantCulture,
                $"the hard minimums cannot be guaranteed: {alive} processes need {needed} pages at once (their hard minimums, {TablesPerProcess} page tables each, and {LargestRequest}), and the machine has {frames}"));
        }
    }
}
