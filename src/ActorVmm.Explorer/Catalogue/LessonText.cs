using ActorVmm.Explorer.Models;

namespace ActorVmm.Explorer.Catalogue;

/// <summary>A race of the catalogue as a page to read.</summary>
public static class LessonText
{
    /// <summary>Columns of a line of prose.</summary>
    public const int Width = 96;

    /// <summary>The page: the story, where it happened, what Windows does, both transcripts, and how to find it oneself.</summary>
    public static IReadOnlyList<string> Of(CatalogueEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Lesson lesson = new(entry.Subject(isFixed: false));
        List<string> lines = [FormattableString.Invariant($"{entry.Number}. {entry.Name}: {entry.Model.Title}"), ""];
        lines.AddRange(Wrap(entry.Model.Story));
        AddPart(lines, "Met", entry.Source + ".");
        AddPart(lines, "Who", entry.Actors);
        AddPart(lines, "Promise", entry.Model.Promise + ".");
        AddPart(lines, "What Windows does", entry.InWindows);
        AddPart(lines, "Repair (--fixed)", entry.Model.Repair);
        if (entry.Limits.Length > 0)
        {
            AddPart(lines, "Where that is not enough", entry.Limits);
        }

        lines.AddRange(["", FormattableString.Invariant($"The order that breaks it, in {lesson.Failing.Count} turns:")]);
        lines.AddRange(TableOf(lesson.Failing));
        lines.AddRange(["", $"So {lesson.Broken.Words}.", "", FormattableString.Invariant($"The same program in another order, in {lesson.Good.Count} turns:")]);
        lines.AddRange(TableOf(lesson.Good));
        lines.AddRange(["", "The promise holds.", "", "Find it:           actorvmm explore race:" + entry.Name, "Count all orders:  actorvmm explore race:" + entry.Name + " --strategy dpor"]);
        lines.Add("Prove the repair:  actorvmm explore race:" + entry.Name + " --fixed --strategy dpor");
        if (entry.Kernel is { } kernel)
        {
            lines.Add($"On the real kernel: actorvmm explore race:{entry.Name} --kernel   (rule {kernel.Source}: {kernel.Says})");
        }

        lines.Add("");
        lines.AddRange(CountsOf(entry));
        return lines;
    }

    /// <summary>Breaks prose between words.</summary>
    public static IReadOnlyList<string> Wrap(string prose, int width = Width)
    {
        ArgumentNullException.ThrowIfNull(prose);
        List<string> lines = [];
        string line = "";
        foreach (string word in prose.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                lines.Add(line);
                line = "";
            }

            line = line.Length == 0 ? word : line + " " + word;
        }

        lines.Add(line);
        return lines;
    }

    private static void AddPart(List<string> lines, string head, string prose)
    {
        lines.Add("");
        lines.AddRange(Wrap(head + ": " + prose));
    }

    private static IEnumerable<string> TableOf(IReadOnlyList<LessonTurn> turns)
    {
        int actor = Math.Max("actor".Length, turns.Max(turn => turn.Actor.Length));
        int heard = Math.Max("heard".Length, turns.Max(turn => turn.Heard.Length));
        yield return $"turn  {"actor".PadRight(actor)}  {"heard".PadRight(heard)}  asked";
        foreach (LessonTurn turn in turns)
        {
            yield return FormattableString.Invariant($"{turn.Turn,4}  {turn.Actor.PadRight(actor)}  {turn.Heard.PadRight(heard)}  {turn.Asked}{(turn.Broke ? "   <- promise broken" : "")}");
        }
    }

    private static IEnumerable<string> CountsOf(CatalogueEntry entry)
    {
        yield return "delivery  orders that differ  that break the promise  repaired: orders  that break it";
        foreach (KnownCount count in entry.Model.Known)
        {
            KnownCount repaired = entry.Repaired.Single(known => known.Model == count.Model);
            string delivery = count.Model switch
            {
                DeliveryModel.Bag => "bag",
                DeliveryModel.Fifo => "fifo",
                DeliveryModel.Causal => "causal",
                DeliveryModel.Mailbox => "mailbox",
            };
            yield return FormattableString.Invariant($"{delivery,-8}  {count.Traces,18}  {count.Violating,22}  {repaired.Traces,16}  {repaired.Violating,13}");
        }
    }
}
