using ActorVmm.Explorer.Dpor;
using ActorVmm.Explorer.Exploring;

namespace ActorVmm.Explorer.Sharing;

/// <summary>Turns the places of a shared search into what is told or stored of them, and back.</summary>
internal static class SearchStore
{
    /// <summary>The path to a place and what is taken there.</summary>
    public static IReadOnlyList<StoredFrame> PathOf(SearchPlace place, Branch taken, IReadOnlyList<StoredPlan> following)
    {
        StoredFrame[] path = new StoredFrame[place.Depth + 1];
        path[^1] = FrameOf(place, taken, following);
        for (SearchPlace at = place; at.Parent is { } parent; at = parent)
        {
            path[parent.Depth] = FrameOf(parent, at.Arrival, []);
        }

        return path;
    }

    /// <summary>A place that a worker gives away.</summary>
    public static SearchPlace PlaceOf(SearchPlace? above, Branch arrival, StoredFrame frame, WakeupTree tree)
    {
        SearchPlace place = new(above)
        {
            Arrival = arrival,
            Sleeping = StepsOf(frame.Sleeping),
            Pending = PathStore.Restore(tree, frame.Pending),
            Latest = new Branch(default, PathStore.ChoicesOf(frame.Script)),
            TriesAnswers = frame.TriesAnswers,
            Explored = frame.Explored,
        };
        place.Know(PathStore.Restore(frame.Taken));
        return place;
    }

    /// <summary>Places as they are stored, each behind the one before it.</summary>
    public static IReadOnlyList<StoredPlace> Of(List<SearchPlace> places, WakeupTree tree) =>
    [
        .. places.Select(place => new StoredPlace(
            place.Parent is null ? -1 : places.IndexOf(place.Parent),
            StepOf(place.Arrival),
            PathStore.PairsOf(place.Arrival.Script),
            StepOf(place.Latest),
            PathStore.PairsOf(place.Latest.Script),
            place.LatestPart,
            place.IsLatestKnown,
            place.TriesAnswers,
            place.NextScript is null ? null : PathStore.PairsOf(place.NextScript),
            place.Explored,
            StepsOf(place),
            PathStore.Of(tree, place.Pending),
            [.. place.Waiting])),
    ];

    public static List<SearchPlace> Restore(IReadOnlyList<StoredPlace> stored, WakeupTree tree)
    {
        List<SearchPlace> places = [];
        foreach (StoredPlace one in stored)
        {
            SearchPlace? parent = one.Parent < 0 ? null : places[one.Parent];
            SearchPlace place = new(parent)
            {
                Arrival = new Branch(PathStore.Restore(one.Arrival), PathStore.ChoicesOf(one.ArrivalScript)),
                Latest = new Branch(PathStore.Restore(one.Latest), PathStore.ChoicesOf(one.LatestScript)),
                LatestPart = one.LatestPart,
                IsLatestKnown = one.IsLatestKnown,
                TriesAnswers = one.TriesAnswers,
                NextScript = one.NextScript is null ? null : PathStore.ChoicesOf(one.NextScript),
                Explored = one.Explored,
                Sleeping = StepsOf(one.Sleeping),
                Pending = PathStore.Restore(tree, one.Pending),
            };
            place.Waiting.AddRange(one.Waiting);
            parent?.Places.Add(place);
            places.Add(place);
        }

        return places;
    }

    private static StoredFrame FrameOf(SearchPlace place, Branch taken, IReadOnlyList<StoredPlan> following) =>
        new(-1, StepOf(taken), PathStore.PairsOf(taken.Script), TriesAnswers: false, Explored: 0, StepsOf(place), [], following);

    private static StoredStep StepOf(Branch branch)
    {
        Step step = branch.Step;
        return PathStore.Of(in step);
    }

    private static StoredStep[] StepsOf(SearchPlace place)
    {
        StoredStep[] steps = new StoredStep[place.Sleeping.Count];
        for (int at = 0; at < steps.Length; at++)
        {
            steps[at] = PathStore.Of(in place.Asleep[at]);
        }

        return steps;
    }

    private static List<Step> StepsOf(IReadOnlyList<StoredStep> stored) => [.. stored.Select(PathStore.Restore)];
}
