using System.Globalization;
using ActorVmm.Actors;
using ActorVmm.Kernel.Frames;
using ActorVmm.Machine.Timelines;
using ActorVmm.Machine.Words;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Views;

/// <summary>Where two runs part, side by side: the turns, and the state of the actor after them.</summary>
public static class DiffView
{
    private const int MostFields = 30;

    /// <summary>Above this a PFN database has more fields than anybody reads.</summary>
    private const uint MostFrames = 1 << 18;

    /// <summary>Draws a difference; both timelines go there.</summary>
    public static Sheet Draw(TimelineDifference difference, ITimeline a, ITimeline b)
    {
        ArgumentNullException.ThrowIfNull(difference);
        TimelineTurn? turnA = TurnAt(a, difference.A);
        TimelineTurn? turnB = TurnAt(b, difference.B);
        string actor = turnA is not null ? a.Names.NameOf(turnA.Stamp.Actor) : b.Names.NameOf(turnB!.Stamp.Actor);
        var sheet = new Sheet();
        sheet.Line(Sentence(difference, actor, turnA, turnB));
        sheet.Line("");
        sheet.Table("turns", [("what", ""), ("a", "A"), ("b", "B")], Pairs(Lines(turnA, a.Names), Lines(turnB, b.Names)));
        if (turnA is null || turnB is null)
        {
            return sheet;
        }

        IReadOnlyList<(string Path, ulong Value)>? stateA = StateOf(a, turnA.Stamp.Actor);
        IReadOnlyList<(string Path, ulong Value)>? stateB = StateOf(b, turnB.Stamp.Actor);
        if (stateA is null || stateB is null)
        {
            return sheet.Line("").Line("The state of the actor is not shown: it has stopped, or is too large to be read.");
        }

        Cell[][] fields = [.. DifferentFields(stateA, stateB)];
        sheet.Line("").Line(fields.Length == 0
            ? $"After it, {actor} is in the same state in both."
            : FormattableString.Invariant($"After it, {fields.Length} fields of {actor} differ{(fields.Length > MostFields ? FormattableString.Invariant($"; the first {MostFields}") : "")}:"));
        return sheet.Table("state", [("field", "field"), ("a", "A"), ("b", "B")], fields.Take(MostFields));
    }

    private static string Sentence(TimelineDifference difference, string actor, TimelineTurn? a, TimelineTurn? b)
    {
        string which = FormattableString.Invariant($"turn {difference.Turn} of {actor}");
        if (a is null || b is null)
        {
            (string there, string gone, long at) = a is null ? ("B", "A", difference.B!.Value) : ("A", "B", difference.A!.Value);
            return FormattableString.Invariant($"The runs part at {which}: only {there} takes it, as delivery {at}; {gone} has ended before.");
        }

        (Message heardA, Message heardB) = (a.Heard.Message, b.Heard.Message);
        bool same = heardA.Kind == heardB.Kind && Message.BodyOf(in heardA).SequenceEqual(Message.BodyOf(in heardB))
            && a.Heard.SenderCount == b.Heard.SenderCount && a.Stamp.Now == b.Stamp.Now;
        string how = same ? "it heard the same, and other things happened" : "what it heard is not the same";
        return FormattableString.Invariant($"The runs part at {which}, delivery {difference.A} of A and {difference.B} of B: {how}.");
    }

    private static TimelineTurn? TurnAt(ITimeline timeline, long? delivery)
    {
        if (delivery is not { } there)
        {
            return null;
        }

        timeline.Seek(there);
        return timeline.Turn;
    }

    private static List<(string What, string Text)> Lines(TimelineTurn? turn, IActorNames names)
    {
        var lines = new List<(string, string)>();
        if (turn is not null)
        {
            lines.Add(("delivery", turn.Number.ToString(CultureInfo.InvariantCulture)));
            lines.Add(("time", Cell.Time(turn.Stamp.Now).Text));
            lines.Add(("heard", TurnView.Heard(turn, names)));
            lines.Add(("from", FormattableString.Invariant($"{names.NameOf(turn.Heard.Sender)} {turn.Heard.SenderCount}")));
            lines.AddRange(turn.Facts.Select(fact => ("established", TurnView.Describe(fact, names))));
            lines.AddRange(TurnView.Asked(turn, names).Select(asked => ("asked", asked)));
        }

        return lines;
    }

    /// <summary>Lines of a kind beside each other, the n-th by the n-th.</summary>
    private static IEnumerable<Cell[]> Pairs(List<(string What, string Text)> a, List<(string What, string Text)> b)
    {
        foreach (string what in new[] { "delivery", "time", "heard", "from", "established", "asked" })
        {
            string[] left = [.. a.Where(line => string.Equals(line.What, what, StringComparison.Ordinal)).Select(line => line.Text)];
            string[] right = [.. b.Where(line => string.Equals(line.What, what, StringComparison.Ordinal)).Select(line => line.Text)];
            for (int at = 0; at < Math.Max(left.Length, right.Length); at++)
            {
                yield return [Cell.Word(what), at < left.Length ? Cell.Word(left[at]) : Cell.None, at < right.Length ? Cell.Word(right[at]) : Cell.None];
            }
        }
    }

    private static IReadOnlyList<(string Path, ulong Value)>? StateOf(ITimeline timeline, ActorId actor)
    {
        IActor? there = (timeline.Machine.Host as IInspectedHost)?.ActorOf(actor);
        if (there is null || (there is PfnDatabase && timeline.Machine.Plan.Frames > MostFrames))
        {
            return null;
        }

        var describer = new StateDescriber();
        there.Encode(describer);
        return describer.Fields;
    }

    private static IEnumerable<Cell[]> DifferentFields(IReadOnlyList<(string Path, ulong Value)> a, IReadOnlyList<(string Path, ulong Value)> b)
    {
        var right = new Dictionary<string, ulong>(StringComparer.Ordinal);
        foreach ((string path, ulong value) in b)
        {
            right[path] = value;
        }

        foreach ((string path, ulong value) in a)
        {
            bool there = right.Remove(path, out ulong other);
            if (!there || other != value)
            {
                yield return [Cell.Word(path), Cell.Hex(value), there ? Cell.Hex(other) : Cell.None];
            }
        }

        foreach ((string path, ulong value) in b)
        {
            if (right.ContainsKey(path))
            {
                yield return [Cell.Word(path), Cell.None, Cell.Hex(value)];
            }
        }
    }
}
