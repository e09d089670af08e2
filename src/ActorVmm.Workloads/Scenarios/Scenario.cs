using ActorVmm.Protocol;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>Everything a run needs: a machine, what its operator does, and what is expected of it.</summary>
public sealed record Scenario : IDisposable
{
    public required string Name { get; init; }

    /// <summary>What the file says about itself, or "".</summary>
    public string Description { get; init; } = "";

    /// <summary>The file, as it was asked for.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the file as it is.</summary>
    public required string Sha256 { get; init; }

    public required ulong Seed { get; init; }

    public required MachinePlan Machine { get; init; }

    public required OperatorPlan Operator { get; init; }

    public IReadOnlyList<Expectation> Expectations { get; init; } = [];

    /// <summary>What to show of the machine when the run has ended, in the words of `inspect`: `pte notepad 7ff793950000`.</summary>
    public IReadOnlyList<string> Questions { get; init; } = [];

    /// <summary>What the run teaches, with the numbers it came to.</summary>
    public IReadOnlyList<LessonLine> Lesson { get; init; } = [];

    /// <summary>The traces it runs; they own files that are read while it runs.</summary>
    public IReadOnlyList<TraceFile> Traces { get; init; } = [];

    /// <summary>Other files that it was read from, traces included: the run depends on what they say.</summary>
    public IReadOnlyList<ReferencedFile> Files { get; init; } = [];

    /// <summary>Makes the actors that run in the place of the memory manager; null for a scenario of the memory manager.</summary>
    public Func<IReadOnlyList<Guest>>? Guests { get; init; }

    public void Dispose()
    {
        foreach (TraceFile trace in Traces)
        {
            trace.Dispose();
        }
    }
}
