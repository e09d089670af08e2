using System.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm scenario check</c>: whether scenario files can be run, without running them.</summary>
internal sealed class ScenarioCheckVerb : Verb
{
    private readonly Argument<string[]> _files = new("scenario") { Description = "Files, or names from the list.", Arity = ArgumentArity.OneOrMore };

    public ScenarioCheckVerb()
        : base("check", "Check scenario files without running them.") => Add(_files);

    public override ExitCode Execute(Session session)
    {
        foreach (string argument in session.Arguments.GetRequiredValue(_files))
        {
            using Scenario scenario = argument is "-"
                ? ScenarioFile.Load(Console.OpenStandardInput(), "-")
                : ScenarioFile.Load(ScenarioFiles.Resolve(argument));
            Print(session, scenario);
        }

        return ExitCode.Fine;
    }

    private static void Print(Session session, Scenario scenario)
    {
        if (session.Json)
        {
            session.Screen.Out.WriteLine(JsonLine.Of("scenario", json =>
            {
                json.WriteString("path", scenario.Path);
                json.WriteString("name", scenario.Name);
                json.WriteString("sha256", scenario.Sha256);
                json.WriteNumber("seed", scenario.Seed);
                json.WriteNumber("frames", scenario.Machine.Frames);
                json.WriteNumber("processes", scenario.Operator.Processes.Count);
                json.WriteNumber("expectations", scenario.Expectations.Count);
            }));
            return;
        }

        session.Screen.Out.WriteLine(
            $"{scenario.Path}: fine: {scenario.Name}, {Numbers.Count(scenario.Operator.Processes.Count, "process", "processes")}, "
            + $"{Numbers.Bytes(scenario.Machine.Frames)}, {Numbers.Count(scenario.Expectations.Count, "expectation")}");
    }
}
