using System.CommandLine;
using ActorVmm.Workloads;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm scenario show</c>: a scenario as it is written.</summary>
internal sealed class ScenarioShowVerb : Verb
{
    private readonly Argument<string> _scenario;

    public ScenarioShowVerb()
        : base("show", "Print a scenario as it is written.") => _scenario = Takes("scenario", "A name from the list, or a file.");

    public override ExitCode Execute(Session session)
    {
        string path = ScenarioFiles.Resolve(session.Arguments.GetRequiredValue(_scenario));
        try
        {
            session.Screen.Out.Write(File.ReadAllText(path));
            return ExitCode.Fine;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException && !File.Exists(path))
        {
            throw new InputException(new Place(path), Directory.Exists(path) ? "is a directory, not a scenario" : "no such file, and no scenario of that name", cause: error);
        }
    }
}
