using System.Runtime.InteropServices;
using ActorVmm.Cli.Output;
using Spectre.Console;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm doctor</c>: whether this computer is fit to run it.</summary>
internal sealed class DoctorVerb() : Verb("doctor", "Check this computer: .NET, configuration, terminal, memory.")
{
    private const long LeastMemory = 512L << 20;

    public override ExitCode Execute(Session session)
    {
        Check[] checks = [.. Examine(session)];
        if (session.Json)
        {
            session.Screen.Out.WriteLine(Document(checks));
        }
        else
        {
            Table table = Tables.New("", "what", "found");
            foreach (Check check in checks)
            {
                table.Row(check.Fine ? "ok" : "!!", check.Name, check.Found);
            }

            session.Screen.Result.Print(table);
        }

        return checks.All(check => check.Fine) ? ExitCode.Fine : ExitCode.Found;
    }

    private static IEnumerable<Check> Examine(Session session)
    {
        yield return new Check("actorvmm", true, VersionText.Line);
        yield return new Check(".NET", Environment.Version.Major >= 10, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture}");
        yield return new Check("processors", true, Numbers.Count(Environment.ProcessorCount));
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - GC.GetGCMemoryInfo().MemoryLoadBytes;
        yield return new Check("free memory", memory >= LeastMemory, $"{Numbers.Bytes(memory / 4096.0)} (an idle process of a run takes a few hundred bytes)");
        string? folder = ScenarioFiles.Folder;
        int scenarios = ScenarioFiles.All().Count;
        yield return new Check("scenarios", scenarios > 0, folder is null ? ScenarioFiles.NotFound : $"{scenarios} in {folder}");
        yield return new Check("user file", true, session.UserFile.Exists ? session.UserFile.Path : $"none ({session.UserFile.Path})");
        string[] variables = [.. Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(name => name.StartsWith("ACTORVMM_", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        yield return new Check("environment", true, variables.Length == 0 ? "no ACTORVMM_ variables" : string.Join(", ", variables));
        yield return new Check("terminal", true, TerminalOf(session));
        yield return new Check("journal", true, $"runs are recorded in {JournalPlace.Default} of the working directory");
        yield return new Check("Akka.NET", true, AkkaRuns.Found);
    }

    private static string TerminalOf(Session session) =>
        session.Screen.IsTerminal
            ? $"{session.Screen.Result.Profile.Width} columns, {(session.Screen.Result.Profile.Capabilities.Ansi ? "colour" : "no colour")}"
            : "stdout is not a terminal: no colour, no live view";

    private static string Document(Check[] checks) => JsonLine.Of("doctor", json =>
    {
        json.WriteStartArray("checks");
        foreach (Check check in checks)
        {
            json.WriteStartObject();
            json.WriteString("name", check.Name);
            json.WriteBoolean("fine", check.Fine);
            json.WriteString("found", check.Found);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private sealed record Check(string Name, bool Fine, string Found);
}
