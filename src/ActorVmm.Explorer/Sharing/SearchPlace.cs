using System.Runtime.InteropServices;
using ActorVmm.Explorer.Dpor;

namespace ActorVmm.Explorer.Sharing;

/// <summary>
/// A place of the search that belongs to nobody's part: what has been taken there, by whoever is given it, and what is planned.
/// </summary>
internal sealed class SearchPlace(SearchPlace? parent)
{
    /// <summary>The place before; null at the beginning.</summary>
    public SearchPlace? Parent => parent;

    /// <summary>How many deliveries lead to it.</summary>
    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    /// <summary>What is taken at the place before on the way here.</summary>
    public Branch Arrival { get; init; }

    /// <summary>What need not be taken here: it has been explored before or beside all that comes here, or is under way.</summary>
    public List<Step> Sleeping { get; init; } = [];

    /// <summary>What is planned, a list of the search's tree.</summary>
    public int Pending { get; set; }

    /// <summary>What was given away last.</summary>
    public Branch Latest { get; set; }

    /// <summary>The number of the part that it became.</summary>
    public long LatestPart { get; set; }

    /// <summary>Whether it is known how <see cref="Latest"/> went, so that another may sleep on it.</summary>
    public bool IsLatestKnown { get; set; }

    /// <summary>All answers of <see cref="Latest"/> are to be tried.</summary>
    public bool TriesAnswers { get; set; }

    /// <summary>The next answers of it; null when all have been.</summary>
    public Choice[]? NextScript { get; set; }

    /// <summary>Sequences that wait until <see cref="IsLatestKnown"/>.</summary>
    public List<FoundRace> Waiting { get; } = [];

    /// <summary>How many deliveries have been explored to the end from here.</summary>
    public int Explored { get; set; }

    /// <summary>Places and parts below that are under way.</summary>
    public List<SearchPlace> Places { get; } = [];

    public List<GivenPart> Parts { get; } = [];

    /// <summary>It stands in the line of those that can give something.</summary>
    public bool IsReady { get; set; }

    /// <summary>
    /// Whether something is to be given away now. Behind what sleeps on others, completeness rests on sequences that are found behind those, so
    /// as in the search of one worker they have to be over before; what sleeps on nobody is complete by itself and may be under way beside them.
    /// </summary>
    /// <param name="tree">Holds what is planned.</param>
    public bool CanGive(WakeupTree tree)
    {
        if (!IsLatestKnown || (NextScript is null && Pending == 0))
        {
            return false;
        }

        if (Places.Count + Parts.Count == 0)
        {
            return true;
        }

        Step next = NextScript is null ? tree[Pending] : Latest.Step;
        return Sleeping.TrueForAll(step => Step.Conflict(in step, in next));
    }

    public bool IsDone => IsLatestKnown && NextScript is null && Pending == 0 && Places.Count == 0 && Parts.Count == 0;

    public ReadOnlySpan<Step> Asleep => CollectionsMarshal.AsSpan(Sleeping);

    /// <summary>Says how what was given away last went: from now on it sleeps, and the next may be given.</summary>
    public void Know(in Step taken)
    {
        Latest = Latest with { Step = taken };
        IsLatestKnown = true;
        NextScript = null;
        Sleeping.Add(taken);
        if (!TriesAnswers || taken.Answers is not { } answers)
        {
            return;
        }

        if (Answers.After(answers) is { } next)
        {
            NextScript = Answers.FirstAwake(Asleep, taken.Name, next);
        }

        if (NextScript is null)
        {
            foreach (ref Step step in CollectionsMarshal.AsSpan(Sleeping))
            {
                step.All |= step.Name == taken.Name;
            }
        }
    }
}

/// <summary>What is taken at a place.</summary>
/// <param name="Step">The delivery: as it was planned, or once it has been run, as it went.</param>
/// <param name="Script">Answers for the turn's choices, as far as they are fixed; then zeros.</param>
internal readonly record struct Branch(Step Step, Choice[] Script);
