using System.Globalization;
using System.Text;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>
/// A sentence of `lesson:`. What stands in braces is a metric, as expectations name it, and is replaced by what the run came to: `{commit(heap)}`,
/// `{commit(heap):bytes}` of a number of pages, `{frame(heap,10000):hex}`.
/// </summary>
/// <param name="Text">As it is written.</param>
/// <param name="Parts">Its pieces: text, and metrics with their form.</param>
public sealed record LessonLine(string Text, IReadOnlyList<LessonPart> Parts)
{
    /// <summary>The metrics it names.</summary>
    public IEnumerable<string> Metrics => Parts.Where(part => part.IsMetric).Select(part => part.Text);

    /// <summary>The sentence with the numbers of a run; a metric that the run does not have stays as it is written.</summary>
    public string Tell(IMetrics metrics)
    {
        ArgumentNullException.ThrowIfNull(metrics);
        var text = new StringBuilder();
        foreach (LessonPart part in Parts)
        {
            text.Append(!part.IsMetric ? part.Text : metrics.TryGet(part.Text, out double value) ? Number(value, part.Form) : "{" + part.Text + "}");
        }

        return text.ToString();
    }

    internal static LessonLine Parse(ScenarioNode node)
    {
        string text = Fields.Scalar(node);
        var parts = new List<LessonPart>();
        int at = 0;
        while (text.IndexOf('{', at) is var open and >= 0)
        {
            int close = text.IndexOf('}', open);
            if (close < 0)
            {
                throw node.Error("a brace is opened and not closed: write `{metric}`");
            }

            string[] words = text[(open + 1)..close].Split(':');
            LessonForm? form = words.Length == 1 ? LessonForm.Plain : words is [_, "hex"] ? LessonForm.Hex : words is [_, "bytes"] ? LessonForm.Bytes : null;
            parts.Add(new LessonPart(text[at..open], IsMetric: false));
            parts.Add(new LessonPart(words[0].Replace(" ", "", StringComparison.Ordinal), IsMetric: true)
            {
                Form = form ?? throw node.Error("after a metric stands nothing, `:hex` or `:bytes`"),
            });
            at = close + 1;
        }

        parts.Add(new LessonPart(text[at..], IsMetric: false));
        return new LessonLine(text, parts);
    }

    private static string Number(double value, LessonForm form) => form switch
    {
        LessonForm.Plain => value.ToString("#,0.##", CultureInfo.InvariantCulture),
        LessonForm.Hex => value < 0 ? "none" : ((ulong)value).ToString("x", CultureInfo.InvariantCulture),
        LessonForm.Bytes => Bytes(value * PageSize.Bytes),
    };

    private static string Bytes(double bytes)
    {
        string[] units = ["bytes", "KB", "MB", "GB", "TB"];
        int unit = 0;
        while (bytes >= 1024 && unit < units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return bytes.ToString("#,0.##", CultureInfo.InvariantCulture) + " " + units[unit];
    }
}

/// <summary>A piece of a lesson.</summary>
/// <param name="Text">The text, or the metric's name.</param>
/// <param name="IsMetric">Which of both.</param>
public sealed record LessonPart(string Text, bool IsMetric)
{
    public LessonForm Form { get; init; }
}

/// <summary>How a metric is written in a lesson.</summary>
public enum LessonForm : byte
{
    /// <summary>As a number.</summary>
    Plain,

    /// <summary>In hexadecimal, as debuggers write frames and addresses.</summary>
    Hex,

    /// <summary>A number of pages, as bytes.</summary>
    Bytes,
}
