using ActorVmm.Protocol;
using ActorVmm.Workloads.Generators;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>
/// The phases that are about threads and instructions. Each thread has a stack of its own; the first `stack:` phase builds it by the calls that
/// the run-time library makes (fact book §12): reserve all, commit the top and the guard, make the guard a guard, and say where the stack is.
/// </summary>
internal sealed partial class PhaseBinder
{
    private const ulong DefaultStackPages = 256;
    private const ulong LeastStackPages = 16;
    private const PageProtection Guard = PageProtection.ReadWrite | PageProtection.Guard;

    private Region? _stack;

    /// <summary>How many threads do these phases.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Which of them these are for.</summary>
    public int Thread { get; init; }

    /// <summary>Whether threads differ by where their stacks are.</summary>
    public bool HasStacks => _stack is not null;

    private ulong GuardPages => is64Bit ? 2UL : 1UL;

    private PagesPhase Execute(ScenarioNode node)
    {
        var fields = new Fields(node, "execute", ScenarioKeys.Execute);
        Region region = RegionOf(fields);
        (ulong offset, ulong pages) = Stretch(fields, region, region.Committed);
        return new PagesPhase(OperationKind.Execute, region.Address + (offset << PageSize.Shift), (long)pages, PageSize.Bytes);
    }

    private PhaseList Stack(ScenarioNode node)
    {
        var fields = new Fields(node, "stack", ScenarioKeys.Stack);
        var phases = new List<Phase>();
        if (_stack is null)
        {
            Build(fields, node, phases);
        }
        else if ((fields.Find("reserve") ?? fields.Find("commit")) is { } again)
        {
            throw again.Error("this thread has a stack already: what it reserves and commits is said in its first `stack` phase");
        }

        Region stack = _stack!;
        if (fields.Truth("reset", false))
        {
            phases.Add(new CallPhase(new Operation(OperationKind.Protect, stack.Address + PageSize.Bytes, GuardPages << PageSize.Shift, Guard)));
        }

        if (fields.Find("touch") is { } depth)
        {
            ulong pages = Fields.Pages(depth, "touch", 1, stack.Pages);
            phases.Add(new PagesPhase(OperationKind.Write, stack.Address + ((stack.Pages - 1) << PageSize.Shift), (long)pages, -PageSize.Bytes));
        }

        return new PhaseList(phases);
    }

    private void Build(Fields fields, ScenarioNode node, List<Phase> phases)
    {
        ulong reserve = fields.Pages("reserve", LeastStackPages, MostPages, DefaultStackPages);
        ulong commit = fields.Pages("commit", 1, reserve - GuardPages - 1, 1);
        ulong mine = 0;
        for (int thread = 0; thread < Threads; thread++)
        {
            ulong place = PlaceFor(reserve, node);
            mine = thread == Thread ? place : mine;
        }

        _stack = new Region(mine, reserve);
        ulong limit = mine + ((reserve - commit) << PageSize.Shift);
        ulong guard = limit - (GuardPages << PageSize.Shift);
        phases.Add(new CallPhase(new Operation(OperationKind.Reserve, mine, reserve << PageSize.Shift, PageProtection.ReadWrite)));
        phases.Add(new CallPhase(new Operation(OperationKind.Commit, guard, (commit + GuardPages) << PageSize.Shift, PageProtection.ReadWrite)));
        phases.Add(new CallPhase(new Operation(OperationKind.Protect, guard, GuardPages << PageSize.Shift, Guard)));
        phases.Add(new CallPhase(new Operation(OperationKind.SetStack, limit, commit << PageSize.Shift)));
    }
}
