using System.CommandLine;
using ActorVmm.Cli.Output;
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
            RaceModel model = RaceArgument.Find(name.StartsWith("race:", StringComparison.Ordinal) ? name["race:".Length..] : name);
            if (session.Json)
            {
                session.Screen.Out.WriteLine(JsonLine.Of("race", json => Write(json, model)));
            }
            else
            {
                Print(session, model);
            }

            return ExitCode.Fine;
        }

        if (session.Json)
        {
            session.Screen.Out.WriteLine(JsonLine.Of("summary", json =>
            {
                json.WriteStartArray("races");
                foreach (RaceModel model in CountedModels.All)
                {
                    json.WriteStartObject();
                    Write(json, model);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            }));
            return ExitCode.Fine;
        }

        Spectre.Console.Table table = Tables.New("name", "race", "parameters");
        foreach (RaceModel model in CountedModels.All)
        {
            table.Row(model.Name, model.Title, string.Join(", ", model.Parameters.Select(ValueOf)));
        }

        session.Screen.Result.Print(table);
        session.Screen.Out.WriteLine("Find one with: actorvmm explore race:NAME --strategy dpor   Read about one with: actorvmm races NAME");
        return ExitCode.Fine;
    }

    private static string ValueOf(ModelParameter parameter) =>
        FormattableString.Invariant($"{parameter.Name}={(parameter.IsSwitch ? "false" : parameter.Usual)}");

    private static void Print(Session session, RaceModel model)
    {
        TextWriter to = session.Screen.Out;
        to.WriteLine($"{model.Name}: {model.Title}");
        to.WriteLine();
        to.WriteLine(model.Story);
        to.WriteLine();
        to.WriteLine($"Promise: {model.Promise}.");
        to.WriteLine($"Repair (--fixed): {model.Repair}");
        Spectre.Console.Table parameters = Tables.New("parameter", ">usual", "meaning");
        foreach (ModelParameter parameter in model.Parameters)
        {
            parameters.Row(parameter.Name, parameter.IsSwitch ? "false" : parameter.Usual.ToString(System.Globalization.CultureInfo.InvariantCulture), parameter.Meaning);
        }

        session.Screen.Result.Print(parameters);
        Spectre.Console.Table counts = Tables.New("delivery", ">different executions", ">that break the promise");
        foreach (KnownCount count in model.Known)
        {
            counts.Row(ExplorationReport.NameOf(count.Model), Numbers.Count(count.Traces), Numbers.Count(count.Violating));
        }

        session.Screen.Result.Print(counts);
        to.WriteLine($"Count them yourself: actorvmm explore race:{model.Name} --strategy dpor --delivery fifo");
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, RaceModel model)
    {
        json.WriteString("name", model.Name);
        json.WriteString("title", model.Title);
        json.WriteString("story", model.Story);
        json.WriteString("promise", model.Promise);
        json.WriteString("repair", model.Repair);
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
        json.WriteStartArray("counts");
        foreach (KnownCount count in model.Known)
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
