using ActorVmm.Explorer.Dpor;
using ActorVmm.Explorer.Exploring;

namespace ActorVmm.Explorer.Sharing;

/// <summary>
/// One exhaustive search for many workers, here or elsewhere. It owns the places above the parts that it has given away.
/// <para>
/// 1. A worker is given a part: a prefix, and all that follows it (<see cref="TryTake"/>). 2. It explores the part as if it were
/// alone, and sends back what it finds to be explored above (<see cref="Report"/>). 3. When somebody has nothing to do, it gives its
/// first places away, and what is planned there becomes parts. 4. When nothing is left of a part, and of every part below a place, the
/// place is done.
/// </para>
/// <para>
/// Why nothing is lost and nothing run twice: what is given away sleeps at its place for everything that is given away there later,
/// exactly as if it had been explored before. What sleeps on somebody skips all that begins with him, and relies on the sequences that
/// are found behind him and lead back to itself; so it is given away when he is done, as in the search of one worker. What sleeps on
/// nobody, because it conflicts with all that was given away there, is complete by itself, and may be under way beside them. What a
/// delivery conflicts with is known when it has been run once, so the next is given away after that and not before.
/// </para>
/// <para>Not for several threads at once: who drives it locks it.</para>
/// </summary>
public sealed class SharedSearch
{
    private readonly WakeupTree _tree = new();
    private readonly Reversal _sequence;
    private readonly Dictionary<long, GivenPart> _given = [];
    private readonly Queue<GivenPart> _givenBack = new();
    private readonly PriorityQueue<SearchPlace, int> _ready = new();
    private readonly Dictionary<string, Finding> _findings = new(StringComparer.Ordinal);
    private SearchPlace? _root;
    private long _number;
    private bool _isWhole;

    /// <param name="model">How messages travel.</param>
    /// <param name="sumsTraces">Whether traces are summed up.</param>
    /// <param name="from">Where it goes on; null for a search that begins.</param>
    public SharedSearch(DeliveryModel model, bool sumsTraces, Checkpoint? from = null)
    {
        _sequence = new Reversal(model);
        Counted = new Tally { Sum = sumsTraces ? default(Fingerprint) : null };
        if (from is null)
        {
            Offer(new SearchPart(), null);
            return;
        }

        from.Restore(Counted, _findings);
        if (!from.IsShared)
        {
            Offer(new SearchPart { Path = from.Path }, null);
            return;
        }

        List<SearchPlace> places = SearchStore.Restore(from.Places, _tree);
        _root = places.FirstOrDefault();
        foreach (StoredPart part in from.Parts)
        {
            Offer(part.Part, part.Place < 0 ? null : places[part.Place]);
        }

        places.ForEach(EnqueueIfReady);
    }

    /// <summary>How many workers have nothing to do: others are asked to give places away.</summary>
    public int Waiting { get; set; }

    /// <summary>Whether there is a part to be taken.</summary>
    public bool HasParts => _givenBack.Count > 0 || _ready.Count > 0;

    /// <summary>Nothing is left.</summary>
    public bool IsDone => _isWhole && !HasParts && _given.Count == 0;

    /// <summary>The first finding of each promise.</summary>
    public IReadOnlyCollection<Finding> Findings => _findings.Values;

    /// <summary>What is settled.</summary>
    internal Tally Counted { get; }

    /// <summary>The part of the search that is behind us, from 0 to 1, if what is known to be left were all.</summary>
    public double Progress => IsDone ? 1 : _root is { } root ? ProgressOf(root) : _given.Values.Concat(_givenBack).Sum(part => part.Progress);

    /// <summary>Traces that there may be in all.</summary>
    public double EstimatedTraces
    {
        get
        {
            double complete = Counted.Complete + _given.Values.Sum(part => part.Unsettled.Complete);
            return Progress is > 0 and < 1 and var progress ? complete / progress : complete;
        }
    }

    /// <summary>Gives a part away; null when there is none now.</summary>
    public SearchPart? TryTake()
    {
        if (_givenBack.TryDequeue(out GivenPart? waiting))
        {
            _given.Add(waiting.Part.Number, waiting);
            return waiting.Part;
        }

        if (!_ready.TryDequeue(out SearchPlace? place, out _))
        {
            return null;
        }

        GivenPart given = Give(place);
        _given.Add(given.Part.Number, given);
        return given.Part;
    }

    /// <summary>Takes in what a worker tells.</summary>
    /// <exception cref="ArgumentException">Nobody was given that part, or it was given back, or to another.</exception>
    public PartOrder Report(PartReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (!_given.TryGetValue(report.Part, out GivenPart? part))
        {
            throw new ArgumentException(FormattableString.Invariant($"nobody works on part {report.Part}"), nameof(report));
        }

        if (report.Taken is { } taken)
        {
            Know(part, PathStore.Restore(taken));
        }

        foreach (FoundRace race in report.Races)
        {
            Plan(PlaceAt(part.Place!, race.Place), race);
        }

        Take(part, report);
        if (report.Shed.Count > 0)
        {
            Shed(part, report.Shed);
        }

        if (report.IsDone)
        {
            End(part);
        }
        else if (report.IsGivenBack)
        {
            _given.Remove(report.Part);
            _givenBack.Enqueue(part);
        }

        return new PartOrder(Waiting > 0 && !HasParts);
    }

    /// <summary>The worker of a part is gone: what it counted since the part was last told whole does not count, and another does it again.</summary>
    public void Lose(long number)
    {
        if (_given.Remove(number, out GivenPart? part))
        {
            part.Unsettled = NewTally();
            _givenBack.Enqueue(part);
        }
    }

    /// <summary>Where the search stands, when nobody works on it.</summary>
    internal Checkpoint Save()
    {
        List<SearchPlace> places = [];
        Collect(_root, places);
        return Checkpoint.Counted(Counted, _findings.Values) with
        {
            Version = Checkpoint.SharedVersion,
            Places = SearchStore.Of(places, _tree),
            Parts = [.. _givenBack.Select(part => new StoredPart(part.Place is null ? -1 : places.IndexOf(part.Place), part.Part))],
        };
    }

    private static void Collect(SearchPlace? place, List<SearchPlace> into)
    {
        if (place is not null)
        {
            into.Add(place);
            place.Places.ForEach(below => Collect(below, into));
        }
    }

    private static SearchPlace PlaceAt(SearchPlace place, int depth)
    {
        while (place.Depth > depth)
        {
            place = place.Parent!;
        }

        return place;
    }

    private double ProgressOf(SearchPlace place)
    {
        double done = place.Explored + place.Places.Sum(ProgressOf) + place.Parts.Sum(part => part.Progress);
        int left = _tree.CountOf(place.Pending) + (place.NextScript is null ? 0 : 1);
        return done / (place.Explored + place.Places.Count + place.Parts.Count + left);
    }

    private Tally NewTally() => new() { Sum = Counted.Sum is null ? null : default(Fingerprint) };

    private void Offer(SearchPart part, SearchPlace? place)
    {
        _number = Math.Max(_number + 1, part.Number);
        GivenPart offered = new(part.Number == 0 ? part with { Number = _number } : part, place, NewTally());
        if (place is not null)
        {
            StoredFrame last = part.Path[part.Shared - 1];
            offered.Branch = new Branch(PathStore.Restore(last.Taken), PathStore.ChoicesOf(last.Script));
            place.Parts.Add(offered);
        }

        _givenBack.Enqueue(offered);
    }

    private void EnqueueIfReady(SearchPlace place)
    {
        if (!place.IsReady && place.CanGive(_tree))
        {
            place.IsReady = true;
            _ready.Enqueue(place, place.Depth);
        }
    }

    /// <summary>Makes a part of what comes next at a place: the next answers of what was taken last, or what is planned first.</summary>
    private GivenPart Give(SearchPlace place)
    {
        int following = 0;
        if (place.NextScript is { } next)
        {
            (place.Latest, place.NextScript) = (place.Latest with { Script = next }, null);
        }
        else
        {
            int pending = place.Pending;
            Step planned = _tree.TakeFirst(ref pending, out following);
            place.Pending = pending;
            place.TriesAnswers = planned.Answers is null;
            place.Latest = new Branch(planned, planned.Answers ?? Answers.FirstAwake(place.Asleep, planned.Name, []) ?? []);
        }

        (place.IsReady, place.IsLatestKnown) = (false, false);
        place.LatestPart = ++_number;
        SearchPart part = new() { Number = _number, Shared = place.Depth + 1, Path = SearchStore.PathOf(place, place.Latest, PathStore.Of(_tree, following)) };
        _tree.Drop(ref following);
        GivenPart given = new(part, place, NewTally()) { Branch = place.Latest };
        place.Parts.Add(given);
        return given;
    }

    /// <summary>It is known how the first turn of a part went; what waited for that is planned.</summary>
    private void Know(GivenPart part, Step taken)
    {
        SearchPlace place = part.Place!;
        if (place.IsLatestKnown || place.LatestPart != part.Part.Number)
        {
            return;
        }

        place.Know(in taken);
        foreach (FoundRace race in place.Waiting)
        {
            Plan(place, race);
        }

        place.Waiting.Clear();
        EnqueueIfReady(place);
    }

    private void Plan(SearchPlace place, FoundRace race)
    {
        if (!place.IsLatestKnown)
        {
            place.Waiting.Add(race);
            return;
        }

        int pending = place.Pending;
        if (race.IsByName)
        {
            Planner.PlanByName(PathStore.Restore(race.Steps[0]), place.Asleep, _tree, ref pending);
        }
        else
        {
            _sequence.Restore(race);
            Planner.Plan(_sequence, place.Asleep, _tree, ref pending);
        }

        place.Pending = pending;
        EnqueueIfReady(place);
    }

    private void Take(GivenPart part, PartReport report)
    {
        part.Unsettled.Add(report.Counts.Restore());
        part.Progress = report.Progress;
        if (report.Left is not null || report.IsDone)
        {
            Counted.Add(part.Unsettled);
            part.Unsettled = NewTally();
            part.Part = report.Left ?? part.Part;
        }

        foreach (StoredFinding told in report.Findings)
        {
            Finding finding = told.Restore();
            if (!_findings.TryGetValue(told.Specification, out Finding? known) || known.FirstAt > finding.FirstAt)
            {
                _findings[told.Specification] = finding;
            }
        }
    }

    /// <summary>Takes over the first places of a part, which goes on below the last of them.</summary>
    private void Shed(GivenPart part, IReadOnlyList<StoredFrame> frames)
    {
        SearchPlace? above = part.Place;
        above?.Parts.Remove(part);
        Branch taken = part.Branch;
        List<SearchPlace> shed = [];
        foreach (StoredFrame frame in frames)
        {
            SearchPlace place = SearchStore.PlaceOf(above, taken, frame, _tree);
            _root ??= place;
            above?.Places.Add(place);
            shed.Add(place);
            above = place;
            taken = new Branch(PathStore.Restore(frame.Taken), PathStore.ChoicesOf(frame.Script));
        }

        above!.Parts.Add(part);
        (part.Place, part.Branch) = (above, taken);
        shed.ForEach(EnqueueIfReady);
    }

    private void End(GivenPart part)
    {
        _given.Remove(part.Part.Number);
        if (part.Place is not { } place)
        {
            _isWhole = true;
            return;
        }

        // A part that never came to take its first turn sleeps as it was planned.
        Know(part, part.Branch.Step);
        place.Parts.Remove(part);
        place.Explored++;
        while (place.IsDone)
        {
            if (place.Parent is not { } parent)
            {
                _isWhole = true;
                return;
            }

            parent.Places.Remove(place);
            parent.Explored++;
            place = parent;
        }

        EnqueueIfReady(place);
    }
}
