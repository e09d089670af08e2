using System.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Explorer.Catalogue;
using ActorVmm.Explorer.Models;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm races</c>: the catalogue of race conditions.</summary>
internal sealed class RacesVerb : Verb
{
    private readonly Argument<string?> _name;

    public RacesVerb()
        : base("races", "The catalogue of races: story, models, expected counts.") => _name = MayTake("name", "Which one; all when left out.");

    public override ExitCode Execute(Session session)
    {
        if (session.Arguments.GetValue(_name) is { } name)
        {
            CatalogueEntry entry = RaceArgument.Find(name.StartsWith("race:", StringComparison.Ordinal) ? name["race:".Length..] : name);
            if (session.Json)
            {
                session.Screen.Out.WriteLine(JsonLine.Of("race", json => Write(json, entry)));
            }
            else
            {
                Print(session, entry);
            }

            return ExitCode.Fine;
        }

        if (session.Json)
        {
            session.Screen.Out.WriteLine(JsonLine.Of("summary", json =>
            {
                json.WriteStartArray("races");
                foreach (CatalogueEntry entry in RaceCatalogue.All)
                {
                    json.WriteStartObject();
                    Write(json, entry);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                WriteRules(json);
            }));
            return ExitCode.Fine;
        }

        Spectre.Console.Table table = Tables.New(">number", "name", "race", "parameters");
        foreach (CatalogueEntry entry in RaceCatalogue.All)
        {
            table.Row(Numbers.Count(entry.Number), entry.Name, entry.Model.Title, string.Join(", ", entry.Model.Parameters.Select(ValueOf)));
        }

        session.Screen.Result.Print(table);
        session.Screen.Out.WriteLine("Find one with: actorvmm explore race:NAME --strategy dpor   Read about one with: actorvmm races NAME");
        PrintRules(session);
        return ExitCode.Fine;
    }

    private static void PrintRules(Session session)
    {
        session.Screen.Out.WriteLine();
        Spectre.Console.Table table = Tables.New("rule", "fact book §17", "what it says", "without it", "found in");
        foreach (KernelVariant variant in KernelVariants.All)
        {
            table.Row(variant.Name, variant.Source, variant.Says, variant.Without, variant.Scenario);
        }

        session.Screen.Result.Print(table);
        session.Screen.Out.WriteLine("Rules of the real kernel, to be taken out one at a time: actorvmm explore SCENARIO --without RULE --stop-on-first");
    }

    private static void WriteRules(System.Text.Json.Utf8JsonWriter json)
    {
        json.WriteStartArray("rules");
        foreach (KernelVariant variant in KernelVariants.All)
        {
            json.WriteStartObject();
            json.WriteString("name", variant.Name);
            json.WriteString("source", variant.Source);
            json.WriteString("says", variant.Says);
            json.WriteString("without", variant.Without);
            json.WriteString("breaks", variant.Breaks);
            json.WriteString("scenario", variant.Scenario);
            json.WriteNumber("timers", variant.Timers);
            json.WriteNumber("foundWithin", variant.FoundWithin);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string ValueOf(ModelParameter parameter) =>
        FormattableString.Invariant($"{parameter.Name}={(parameter.IsSwitch ? "false" : parameter.Usual)}");

    private static void Print(Session session, CatalogueEntry entry)
    {
        TextWriter to = session.Screen.Out;
        foreach (string line in LessonText.Of(entry))
        {
            to.WriteLine(line);
        }

        if (entry.Model.Parameters.Count == 0)
        {
            return;
        }

        to.WriteLine();
        Spectre.Console.Table parameters = Tables.New("parameter", ">usual", "meaning");
        foreach (ModelParameter parameter in entry.Model.Parameters)
        {
            parameters.Row(parameter.Name, parameter.IsSwitch ? "false" : parameter.Usual.ToString(System.Globalization.CultureInfo.InvariantCulture), parameter.Meaning);
        }

        session.Screen.Result.Print(parameters);
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, CatalogueEntry entry)
    {
        RaceModel model = entry.Model;
        json.WriteNumber("number", entry.Number);
        json.WriteString("name", model.Name);
        json.WriteString("title", model.Title);
        json.WriteString("story", model.Story);
        json.WriteString("promise", model.Promise);
        json.WriteString("repair", model.Repair);
        json.WriteString("limits", entry.Limits);
        json.WriteString("source", entry.Source);
        json.WriteString("actors", entry.Actors);
        json.WriteString("windows", entry.InWindows);
        json.WriteNumber("foundWithin", entry.FoundWithin);
        json.WriteString("rule", entry.Kernel?.Name);
        json.WriteStartObject("parameters");
        foreach (ModelParameter parameter in model.Parameters)
        {
            if (parameter.IsSwitch)
            {
                json.WriteBoolean(parameter.Name, false);
            }
            else
            {
                json.WriteNumber(parameter.Name, parameter.Usual);
            }
        }

        json.WriteEndObject();
        WriteCounts(json, "counts", model.Known);
        WriteCounts(json, "repairedCounts", entry.Repaired);
    }

    private static void WriteCounts(System.Text.Json.Utf8JsonWriter json, string name, IReadOnlyList<KnownCount> counts)
    {
        json.WriteStartArray(name);
        foreach (KnownCount count in counts)
        {
            json.WriteStartObject();
            json.WriteString("delivery", ExplorationReport.NameOf(count.Model));
            json.WriteNumber("traces", count.Traces);
            json.WriteNumber("violatingTraces", count.Violating);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
