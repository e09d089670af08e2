using ActorVmm.Cli.Output;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm scenario schema</c>: the JSON Schema of scenario files, for editors.</summary>
internal sealed class ScenarioSchemaVerb() : Verb("schema", "Print the JSON Schema of scenario files, for editors.")
{
    public override ExitCode Execute(Session session)
    {
        string? path = ScenarioFiles.Schema;
        if (path is null)
        {
            throw new Refusal(ExitCode.NothingToDo, "no schema found: " + ScenarioFiles.NotFound);
        }

        session.Screen.Out.Write(File.ReadAllText(path));
        return ExitCode.Fine;
    }
}
