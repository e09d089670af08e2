using System.CommandLine;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;
using ActorVmm.Machine.Conformance;
using ActorVmm.Workloads.Conformance;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm check</c>: conformance cases.</summary>
internal sealed class CheckVerb : Verb
{
    private readonly Argument<string[]> _files = new("cases.jsonl") { Description = "Files of cases, one a line; - for standard input.", Arity = ArgumentArity.OneOrMore };
    private readonly Flag<string> _only;

    public CheckVerb()
        : base("check", "Run conformance cases: operation, expected NTSTATUS, expected state.")
    {
        Add(_files);
        _only = Has("--only", "AREA|ID", "Only the cases of an area, or the case of this name.", Values.Text);
    }

    public override ExitCode Execute(Session session)
    {
        List<ConformanceCase> cases = [.. session.Arguments.GetRequiredValue(_files).SelectMany(Read)];
        string? only = session.Settings.Text(_only);
        List<ConformanceCase> chosen = only is null ? cases : [.. cases.Where(one => IsNamed(one, only))];
        if (chosen.Count == 0)
        {
            throw new Refusal(ExitCode.NothingToDo, only is null ? "there are no cases" : NoneIs(only, cases));
        }

        long began = session.Clock.GetTimestamp();
        List<CaseResult> results = Run(session, chosen);
        TimeSpan wall = session.Clock.GetElapsedTime(began);
        if (session.Json)
        {
            session.Screen.Out.WriteLine(CheckJson.SummaryOf(results, wall));
        }
        else
        {
            CheckReport.Write(session.Screen.Result, results, chosen.Count, wall);
        }

        return results.Count == chosen.Count && results.TrueForAll(result => result.Outcome == CaseOutcome.Passed) ? ExitCode.Fine : ExitCode.Found;
    }

    private static List<CaseResult> Run(Session session, List<ConformanceCase> cases)
    {
        var runner = new ConformanceRunner(plan => new ConformanceSession(plan));
        var results = new List<CaseResult>();
        using var progress = CheckProgress.Of(session, cases.Count);
        foreach (ConformanceCase one in cases)
        {
            if (session.Interruption.Token.IsCancellationRequested)
            {
                break;
            }

            CaseResult result = runner.Run(one);
            results.Add(result);
            if (session.Json && result.Outcome == CaseOutcome.Failed)
            {
                session.Screen.Out.WriteLine(CheckJson.FindingOf(result));
            }

            progress.Show(results);
        }

        return results;
    }

    private static IEnumerable<ConformanceCase> Read(string path) =>
        path is "-" ? CaseFile.Read(Console.OpenStandardInput(), "-") : CaseFile.Read(path);

    private static bool IsNamed(ConformanceCase one, string name) =>
        string.Equals(one.Area, name, StringComparison.Ordinal) || string.Equals(one.Id, name, StringComparison.Ordinal);

    private static string NoneIs(string only, List<ConformanceCase> cases) =>
        $"no case is of area or name {only}; areas are {string.Join(", ", cases.Select(one => one.Area).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))}";
}
