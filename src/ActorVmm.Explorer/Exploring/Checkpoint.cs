using System.Text.Json;
using ActorVmm.Explorer.Dpor;
using ActorVmm.Explorer.Sharing;

namespace ActorVmm.Explorer.Exploring;

/// <summary>
/// Where an exhaustive search was interrupted, as a document: the path, what sleeps and what is planned at each of its places,
/// and what has been counted and found. The machine itself is not in it: it is run again.
/// </summary>
public sealed record Checkpoint
{
    private const int CurrentVersion = 1;

    /// <summary>The version of one that several workers left: it has places and parts instead of a path.</summary>
    internal const int SharedVersion = 2;

    public int Version { get; init; } = CurrentVersion;

    /// <summary>What is explored and how: a search only goes on where these are the same.</summary>
    public string Of { get; init; } = "";

    public long Schedules { get; init; }

    public long Complete { get; init; }

    public long Violating { get; init; }

    public long CutOff { get; init; }

    public long TooLong { get; init; }

    public long Turns { get; init; }

    /// <summary>All traces so far as one fingerprint; null when they were not summed up.</summary>
    public string? Sum { get; init; }

    public IReadOnlyList<StoredFinding> Findings { get; init; } = [];

    public IReadOnlyList<StoredFrame> Path { get; init; } = [];

    /// <summary>Of a search of several workers, the places that were nobody's, each behind the one before it.</summary>
    public IReadOnlyList<StoredPlace> Places { get; init; } = [];

    /// <summary>Of a search of several workers, what each of them had left.</summary>
    public IReadOnlyList<StoredPart> Parts { get; init; } = [];

    /// <summary>It is one of several workers: there may be places with something left and nobody who was at it.</summary>
    internal bool IsShared => Version == SharedVersion;

    /// <summary>Reads a document.</summary>
    /// <param name="text">What <see cref="ToString"/> gave.</param>
    /// <exception cref="FormatException">It is none, or made by a newer version.</exception>
    public static Checkpoint Parse(string text)
    {
        Checkpoint? read;
        try
        {
            read = JsonSerializer.Deserialize<Checkpoint>(text);
        }
        catch (JsonException error)
        {
            throw new FormatException($"this is no checkpoint: {error.Message}", error);
        }

        if (read is null || read.Of.Length == 0)
        {
            throw new FormatException("this is no checkpoint: it does not say of what");
        }

        if (read.IsShared && read.Places.Count + read.Parts.Count == 0)
        {
            throw new FormatException("this is no checkpoint: nothing is left in it");
        }

        return read.Version is CurrentVersion or SharedVersion
            ? read
            : throw new FormatException(FormattableString.Invariant($"this checkpoint is of version {read.Version}; this program reads versions {CurrentVersion} and {SharedVersion}"));
    }

    public override string ToString() => JsonSerializer.Serialize(this);

    internal static Checkpoint Take(DporStrategy strategy, Tally tally, IEnumerable<Finding> findings) =>
        Counted(tally, findings) with { Path = strategy.SavePath() };

    /// <summary>What has been counted and found.</summary>
    internal static Checkpoint Counted(Tally tally, IEnumerable<Finding> findings) => new()
    {
        Schedules = tally.Schedules,
        Complete = tally.Complete,
        Violating = tally.Violating,
        CutOff = tally.CutOff,
        TooLong = tally.TooLong,
        Turns = tally.Turns,
        Sum = tally.Sum?.ToString(),
        Findings = [.. findings.Select(StoredFinding.Of)],
    };

    /// <summary>Gives a new search what this one had counted and found.</summary>
    internal void Restore(Tally tally, Dictionary<string, Finding> findings)
    {
        tally.Schedules = Schedules;
        tally.Complete = Complete;
        tally.Violating = Violating;
        tally.CutOff = CutOff;
        tally.TooLong = TooLong;
        tally.Turns = Turns;
        tally.Sum = tally.Sum is not null && Fingerprint.TryParse(Sum, out Fingerprint sum) ? sum : null;
        foreach (StoredFinding finding in Findings)
        {
            findings[finding.Specification] = finding.Restore();
        }
    }
}

/// <summary>A finding as it is stored.</summary>
public sealed record StoredFinding(string Specification, long Turn, string Words, uint Code, string Schedule, long FirstAt, int Turns)
{
    internal static StoredFinding Of(Finding finding) => new(
        finding.Violation.Specification, finding.Violation.Turn, finding.Violation.Words, finding.Violation.Code, finding.Schedule.ToString(), finding.FirstAt, finding.Turns);

    internal Finding Restore() => new(new Violation(Specification, Turn, Words) { Code = Code }, Actors.Schedule.Parse(Schedule), FirstAt, Turns);
}

/// <summary>One place on the path as it is stored.</summary>
public sealed record StoredFrame(int Index, StoredStep Taken, int[] Script, bool TriesAnswers, int Explored, IReadOnlyList<StoredStep> Sleeping, IReadOnlyList<StoredPlan> Pending, IReadOnlyList<StoredPlan> Following);

/// <summary>A delivery as it is stored; answers as pairs of alternatives and answer.</summary>
public sealed record StoredStep(ulong Sender, int Count, ulong Receiver, bool IsTimer, ulong[]? SendsTo, int[]? Answers, bool All);

/// <summary>A planned delivery and what is to follow it.</summary>
public sealed record StoredPlan(StoredStep Step, IReadOnlyList<StoredPlan> Then);

/// <summary>A place of a shared search as it is stored.</summary>
/// <param name="Parent">The number of the place before, from 0; −1 for the first.</param>
public sealed record StoredPlace(
    int Parent,
    StoredStep Arrival,
    int[] ArrivalScript,
    StoredStep Latest,
    int[] LatestScript,
    long LatestPart,
    bool IsLatestKnown,
    bool TriesAnswers,
    int[]? NextScript,
    int Explored,
    IReadOnlyList<StoredStep> Sleeping,
    IReadOnlyList<StoredPlan> Pending,
    IReadOnlyList<FoundRace> Waiting);

/// <summary>A part of a shared search as it is stored.</summary>
/// <param name="Place">The number of the last place on its path that is nobody's; −1 for a whole search.</param>
/// <param name="Part">What is left of it.</param>
public sealed record StoredPart(int Place, SearchPart Part);
