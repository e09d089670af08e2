using ActorVmm.Explorer.Exploring;

namespace ActorVmm.Explorer.Dpor;

/// <summary>The path as a document: a search goes on from it another day, or elsewhere.</summary>
public sealed partial class DporStrategy
{
    /// <summary>What the search has come to, between two executions: every place with what is left to do there.</summary>
    internal IReadOnlyList<StoredFrame> SavePath()
    {
        List<StoredFrame> path = [];
        for (int depth = 0; depth < Prefix; depth++)
        {
            path.Add(Save(in _frames[depth]));
        }

        return path;
    }

    /// <summary>Goes on where a search was saved.</summary>
    internal void RestorePath(IReadOnlyList<StoredFrame> path)
    {
        _frames = new Frame[Math.Max(path.Count, _frames.Length)];
        foreach (StoredFrame stored in path)
        {
            ref Frame frame = ref _frames[Prefix++];
            frame = new Frame
            {
                Index = stored.Index,
                Taken = PathStore.Restore(stored.Taken),
                Script = PathStore.ChoicesOf(stored.Script),
                TriesAnswers = stored.TriesAnswers,
                Explored = stored.Explored,
                Pending = PathStore.Restore(_tree, stored.Pending),
                Following = PathStore.Restore(_tree, stored.Following),
            };
            _sleeping.Restore(ref frame, [.. stored.Sleeping.Select(PathStore.Restore)]);
        }

        (_begun, _resumes) = (path.Count > 0, path.Count > 0);
    }

    /// <summary>
    /// Gives away the first places of the path that are ours, up to one with something left to do there. What is taken there now
    /// stays ours, with all that follows.
    /// </summary>
    /// <param name="deepest">The last place of the execution that has just ended; what was taken at each is known.</param>
    private IReadOnlyList<StoredFrame> ShedPlaces(int deepest)
    {
        int last = Shared;
        while (last < deepest && !HasMore(in _frames[last]))
        {
            last++;
        }

        if (last >= deepest)
        {
            return [];
        }

        List<StoredFrame> given = [];
        for (int depth = Shared; depth <= last; depth++)
        {
            ref Frame frame = ref _frames[depth];
            given.Add(Save(in frame));
            _tree.Drop(ref frame.Pending);
            frame.TriesAnswers = false;
        }

        Shared = last + 1;
        return given;
    }

    private static bool HasMore(in Frame frame) =>
        frame.Pending != 0 || (frame.TriesAnswers && frame.Taken.Answers is { } answers && Answers.After(answers) is not null);

    private StoredFrame Save(in Frame frame)
    {
        List<StoredStep> sleeping = [];
        foreach (ref readonly Step step in _sleeping.Of(in frame))
        {
            sleeping.Add(PathStore.Of(in step));
        }

        return new StoredFrame(
            frame.Index, PathStore.Of(in frame.Taken), PathStore.PairsOf(frame.Script), frame.TriesAnswers, frame.Explored, sleeping, PathStore.Of(_tree, frame.Pending), PathStore.Of(_tree, frame.Following));
    }
}
