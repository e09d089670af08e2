using ActorVmm.Workloads.Conformance;

namespace ActorVmm.Machine.Conformance;

/// <summary>What became of a case; of several runs the worst counts, and worse comes later.</summary>
public enum CaseOutcome : byte
{
    Passed,

    /// <summary>The machine lacks something that a step needs.</summary>
    Unsupported,

    Failed,
}

/// <summary>One run of a case on one architecture.</summary>
/// <param name="Architecture">Where.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Step">The step that ended it, from 1; 0 when it passed.</param>
/// <param name="Operation">That step's operation, or "".</param>
/// <param name="Expected">What the step should have given; for an unsupported one, what the machine lacks.</param>
/// <param name="Actual">What it gave, or "".</param>
public sealed record CaseRun(Architecture Architecture, CaseOutcome Outcome, int Step = 0, string Operation = "", string Expected = "", string Actual = "");

/// <summary>A case with all its runs.</summary>
public sealed record CaseResult(ConformanceCase Case, IReadOnlyList<CaseRun> Runs)
{
    public CaseOutcome Outcome => Deciding.Outcome;

    /// <summary>The run that decides: the first of the worst.</summary>
    public CaseRun Deciding => Runs.MaxBy(run => run.Outcome)!;
}
