using ActorVmm.Cli.Output;
using Spectre.Console;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm scenario list</c>: the scenarios that come with ActorVmm.</summary>
internal sealed class ScenarioListVerb() : Verb("list", "List the scenarios that come with ActorVmm.")
{
    public override ExitCode Execute(Session session)
    {
        IReadOnlyList<(string Name, string Path)> scenarios = ScenarioFiles.All();
        if (scenarios.Count == 0)
        {
            throw new Refusal(ExitCode.NothingToDo, "no scenario found: " + ScenarioFiles.NotFound);
        }

        if (session.Json)
        {
            session.Screen.Out.WriteLine(JsonLine.Of("scenarios", json =>
            {
                json.WriteStartArray("scenarios");
                foreach ((string name, string path) in scenarios)
                {
                    json.WriteStartObject();
                    json.WriteString("name", name);
                    json.WriteString("path", path);
                    json.WriteString("lesson", LessonOf(path));
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }));
            return ExitCode.Fine;
        }

        Table table = Tables.New("Scenario", "what it shows");
        foreach ((string name, string path) in scenarios)
        {
            table.Row(name, LessonOf(path));
        }

        session.Screen.Result.Print(table);
        session.Screen.Result.Line("run one with: actorvmm run NAME");
        return ExitCode.Fine;
    }

    /// <summary>The comment at the top of the file, up to its first full stop; without the name in front.</summary>
    private static string LessonOf(string path)
    {
        IEnumerable<string> comment = File.ReadLines(path)
            .TakeWhile(line => line.StartsWith('#'))
            .Select(line => line.TrimStart('#').Trim());
        string text = string.Join(' ', comment);
        int end = text.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? text : text[..(end + 1)];
    }
}
