using ActorVmm.Cli.CommandLine;
using ActorVmm.Cli.Output;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm scenario new</c>: a scenario to start from.</summary>
internal sealed class ScenarioNewVerb : Verb
{
    private const string Template = """
        # One sentence that says what this scenario shows.
        version: 1
        name: {0}
        seed: 42
        machine: {{ ram: 16MiB, cpus: 2, pagingFiles: [ {{ size: 64MiB, latency: normal(4ms, 1ms) }} ] }}
        processes:
          worker:
            count: 4
            threads: 1
            phases:
              - reserve: {{ name: heap, size: 8MiB }}
              - commit:  {{ region: heap, size: 8MiB, protect: readwrite }}
              - touch:   {{ region: heap, pattern: zipf(0.99), writes: 30%, count: 20000 }}
        expect: [ "violations == 0" ]
        """;

    private readonly System.CommandLine.Argument<string?> _name;
    private readonly Flag<string> _output;

    public ScenarioNewVerb()
        : base("new", "Write a scenario to start from.")
    {
        _name = MayTake("name", "What it is called.");
        _output = Has("--output", "FILE", "Where to; standard output when left out, or -.", Values.Text, "-o");
    }

    public override ExitCode Execute(Session session)
    {
        string name = session.Arguments.GetValue(_name) ?? "my-scenario";
        if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_'))
        {
            throw Refusal.WrongUsage($"a scenario's name is made of letters, digits, - and _, not \"{name}\"");
        }

        string? output = session.Settings.Text(_output);
        if (output is not (null or "-") && File.Exists(output))
        {
            throw new Refusal(ExitCode.Storage, $"{output}: is there already; it is not overwritten");
        }

        string text = string.Format(System.Globalization.CultureInfo.InvariantCulture, Template, name);
        OutputFile.Write(session.Screen, output, file => file.WriteLine(text));
        return ExitCode.Fine;
    }
}
