using ActorVmm.Actors;
using ActorVmm.Machine.Metrics;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Summary;

/// <summary>What a run came to: everything its last line says (interfaces.md, `run` summary).</summary>
public sealed record RunSummary
{
    public required string Host { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>26 characters; sorts by the time at which the run began.</summary>
    public required string Run { get; init; }

    public required RunInput Input { get; init; }

    public required RunEnd End { get; init; }

    public required Ticks VirtualTime { get; init; }

    public required long Turns { get; init; }

    public required long Messages { get; init; }

    public required FaultCounts Faults { get; init; }

    public required PageCounts Pages { get; init; }

    /// <summary>The most pages in each state during the run; unknown when no facts were heard.</summary>
    public PagePeaks? PeakPages { get; init; }

    public required PagingCounts PagingFiles { get; init; }

    public required CommitCounts Commit { get; init; }

    public required ProcessList Processes { get; init; }

    public required IReadOnlyList<BrokenPromise> Violations { get; init; }

    public required IReadOnlyList<JudgedExpectation> Expectations { get; init; }

    /// <summary>What the scenario wanted to be shown of the machine at the end.</summary>
    public IReadOnlyList<ShownView> Shown { get; init; } = [];

    /// <summary>What the run teaches, in sentences.</summary>
    public IReadOnlyList<string> Lesson { get; init; } = [];

    /// <summary>Whether facts were judged at all; when not, an empty list of violations says nothing.</summary>
    public required bool SpecificationsAttached { get; init; }

    public required Fingerprint Fingerprint { get; init; }

    public required TimeSpan Wall { get; init; }

    /// <summary>Whether the run found something: exit code 1.</summary>
    public bool FoundSomething => Violations.Count > 0 || Expectations.Any(expectation => !expectation.Held);
}

/// <summary>Why a run ended.</summary>
public enum RunEnd
{
    /// <summary>The scenario is over and nothing is left to do.</summary>
    Finished,

    /// <summary>The time asked for with --for has passed.</summary>
    TimeReached,

    /// <summary>Nothing is left to deliver, but threads have not ended.</summary>
    Stuck,

    /// <summary>Somebody stopped it.</summary>
    Interrupted,

    /// <summary>A turn stopped the machine, as a bug check does.</summary>
    BugCheck,
}

/// <summary>What was run.</summary>
/// <param name="Path">As it was asked for.</param>
/// <param name="Sha256">Of the file as it is, 64 hexadecimal digits.</param>
public sealed record RunInput(string Path, string Sha256);

/// <summary>Page faults, each counted once; <see cref="FaultKind.PageTable"/> is extra.</summary>
public sealed class FaultCounts(long accesses, long pageFaults, ReadOnlySpan<long> byKind)
{
    private readonly long[] _byKind = byKind.ToArray();

    public long Accesses { get; } = accesses;

    /// <summary>User accesses that faulted.</summary>
    public long Total { get; } = pageFaults;

    public long this[FaultKind kind] => _byKind[(int)kind];
}

/// <summary>Where all frames of the machine are (RAMMap's columns).</summary>
public sealed record PageCounts
{
    /// <summary>Mapped or in a read that is under way.</summary>
    public required long Active { get; init; }

    /// <summary>By priority, 0 to 7.</summary>
    public required IReadOnlyList<long> Standby { get; init; }

    public required long Modified { get; init; }

    public required long ModifiedNoWrite { get; init; }

    public required long Transition { get; init; }

    /// <summary>On the zeroed list, or kept ready by a process.</summary>
    public required long Zeroed { get; init; }

    public required long Free { get; init; }

    public required long Bad { get; init; }

    public required long Total { get; init; }

    public long StandbyTotal => Standby.Sum();

    /// <summary>What the columns add up to; always <see cref="Total"/>.</summary>
    public long Sum => Active + StandbyTotal + Modified + ModifiedNoWrite + Transition + Zeroed + Free + Bad;

    /// <summary>Zeroed, free and standby pages.</summary>
    public long Available => Zeroed + Free + StandbyTotal;
}

/// <summary>Transfers of all paging files.</summary>
public sealed record PagingCounts(long PageReads, long PagesInput, long PageWrites, long PagesOutput);

/// <summary>The ledger of commitment, in pages.</summary>
public sealed record CommitCounts(ulong Charge, ulong Peak, ulong Limit);

/// <summary>One process in a summary.</summary>
public sealed record ProcessCounts(string Name, long Accesses, long PageFaults, long HardFaults, int WorkingSet, int PeakWorkingSet);

/// <summary>
/// The processes of a run: all of them in order of start, or the busiest when there are more than <see cref="Cap"/>.
/// </summary>
public sealed record ProcessList(IReadOnlyList<ProcessCounts> Listed, int Total)
{
    /// <summary>From how many processes on only the busiest are listed.</summary>
    public const int Cap = 1_000;

    /// <summary>How many are listed when not all are.</summary>
    public const int Busiest = 100;

    public int Omitted => Total - Listed.Count;
}

/// <summary>A promise that the run broke.</summary>
/// <param name="Specification">The promise's name.</param>
/// <param name="Text">What happened.</param>
/// <param name="Turn">In which turn of the run; 0 at its end.</param>
/// <param name="At">When.</param>
public sealed record BrokenPromise(string Specification, string Text, long Turn, Ticks At);

/// <summary>An expectation of the scenario and what came of it.</summary>
/// <param name="Text">As it is written.</param>
/// <param name="Held">Whether it held.</param>
/// <param name="Found">The value found, in words; empty when there is nothing to add.</param>
public sealed record JudgedExpectation(string Text, bool Held, string Found);
