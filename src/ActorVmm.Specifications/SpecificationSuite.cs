namespace ActorVmm.Specifications;

/// <summary>
/// Promises kept watch over together, from one account of what is known. It listens to one machine, turn by turn.
/// </summary>
public sealed class SpecificationSuite : IFactListener
{
    private readonly Specification[] _specifications;
    private readonly FrameJudge[] _frameJudges;
    private readonly IJudgeTurns[] _turnJudges;
    private readonly Channels _channels;
    private readonly KnownMachine _known;

    /// <summary>Judges a machine by every promise there is.</summary>
    /// <param name="machine">The machine as planned: its installed pages, its paging files, its thresholds.</param>
    public SpecificationSuite(MachinePlan machine)
        : this(machine, All())
    {
    }

    /// <summary>Judges a machine by these promises only.</summary>
    public SpecificationSuite(MachinePlan machine, IEnumerable<Specification> specifications)
    {
        ArgumentNullException.ThrowIfNull(machine);
        _specifications = [.. specifications];
        _known = new KnownMachine(machine);
        _channels = new Channels([.. _specifications, .. _known.Chroniclers]);
        _known.Words = _channels;
        _frameJudges = [.. _specifications.OfType<IJudgeFrames>().Select(judge => (FrameJudge)judge.Judge)];
        _turnJudges = [.. _specifications.OfType<IJudgeTurns>()];
        foreach (Specification specification in _specifications)
        {
            specification.Attach(_known);
        }
    }

    public IReadOnlyList<Specification> Specifications => _specifications;

    /// <summary>The violations of all promises, in the order of their turns.</summary>
    public IReadOnlyList<Violation> Violations =>
        [.. _specifications.SelectMany(specification => specification.Violations)
            .OrderBy(violation => violation.Fact is null).ThenBy(violation => violation.Turn.Number)];

    public bool Holds => Array.TrueForAll(_specifications, specification => specification.ViolationCount == 0);

    /// <summary>Every situation a promise waits for, with how often it was seen; one never seen was never checked.</summary>
    public IReadOnlyList<Situation> Sometimes => [.. _specifications.SelectMany(specification => specification.Situations)];

    /// <summary>A fresh set of every promise.</summary>
    public static IReadOnlyList<Specification> All() =>
    [
        new PagesAddUp(),
        new AFrameIsOnAtMostOneList(),
        new AFrameMovesAlongTheDiagram(),
        new AValidPteHoldsAShare(),
        new AFrameServesOnePage(),
        new ATransitionPteNamesItsFrame(),
        new ASlotHasOneOwner(),
        new CommitIsExact(),
        new AProcessIsChargedForItsVads(),
        new EveryPageIsPaidFor(),
        new AWorkingSetIsItsValidPages(),
        new ZeroedMeansZero(),
        new AReadSeesTheLastWrite(),
        new DirtyDataSurvives(),
        new AStoreMarksItsPageDirty(),
        new AnExitLeavesNothing(),
        new PagesInFlightAreReferenced(),
        new NoFrameIsDirtyAndStandby(),
        new AWriteBackTellsWhatItFound(),
        new APageIsReadOnce(),
        new EveryFaultIsAnswered(),
        new NobodyWaitsForEver(),
        new TheModifiedListDrains(),
        new ASharedPageStaysWhileItIsShared(),
        new AJobStaysWithinItsLimit(),
        new APoolStaysWithinItsLimit(),
        new TheEndIsTheBaseline(),
        new AForbiddenPageStaysOut(),
        new AGuardFiresOnce(),
        new EveryPacketIsCompletedOnce(),
        new NoPacketLeavesAStackTwice(),
        new EveryLockedPageIsUnlocked(),
    ];

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        _known.Begin(in turn);
        foreach (ref readonly Fact fact in facts)
        {
            _known.Hearing(in fact);
            _channels.Tell(in fact);
        }

        if (_frameJudges.Length != 0)
        {
            foreach (Pfn pfn in _known.TouchedFrames)
            {
                ref readonly KnownFrame frame = ref _known.Frames[pfn];
                foreach (FrameJudge judge in _frameJudges)
                {
                    judge(pfn, in frame);
                }
            }
        }

        foreach (IJudgeTurns judge in _turnJudges)
        {
            judge.TurnEnded();
        }
    }

    /// <summary>To be called when nothing is in flight: every promise judges what must then hold exactly.</summary>
    public void Quiesced()
    {
        _known.BeginQuiescence();
        foreach (Specification specification in _specifications)
        {
            specification.AtQuiescence();
        }
    }
}
