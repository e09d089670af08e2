using System.Text.Json;

namespace ActorVmm.Cli.Tests;

/// <summary>A run for other tools: the file on stdout or where -o says, talk on stderr.</summary>
public sealed class TraceExportTests
{
    private const string Trace = "1,2,3w,1,4,2";

    [Fact]
    public void EveryFormatGoesToStdout()
    {
        using var folder = new TemporaryFolder();
        string trace = folder.Write("trace", Trace);
        foreach ((string format, string start) in new[]
        {
            ("perfetto", "{\"displayTimeUnit\":\"ns\",\"traceEvents\":["), ("shiviz", @"(?<seq>\d+) t=(?<ts>\d+) (?<host>\S+) (?<clock>\{.*\}) (?<event>.*)"),
            ("csv", "delivery,time_ns,"), ("ndjson", "{\"v\":1,\"type\":\"fact\",\"turn\":"),
        })
        {
            Actorvmm.Ended ended = Actorvmm.Run("trace", "export", trace, "--format", format);
            ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
            ended.Output.ShouldStartWith(start);
            ended.Error.ShouldContain("deliveries");
            Actorvmm.Run("trace", "export", trace, "--format", format, "-o", "-", "-q").ShouldBe(ended with { Error = "" });
        }
    }

    [Fact]
    public void AFileIsWrittenAndTheSummarySaysSo()
    {
        using var folder = new TemporaryFolder();
        string trace = folder.Write("trace", Trace);
        string output = Path.Combine(folder.Path, "run.json");

        Actorvmm.Ended ended = Actorvmm.Run("trace", "export", trace, "--format", "perfetto", "-o", output, "--seed", "5", "--json", "-q");

        ended.Code.ShouldBe(ExitCode.Fine, ended.Error);
        JsonElement summary = JsonDocument.Parse(ended.Output).RootElement;
        summary.GetProperty("seed").GetInt32().ShouldBe(5);
        summary.GetProperty("output").GetString().ShouldBe(output);
        JsonDocument.Parse(File.ReadAllText(output)).RootElement.GetProperty("traceEvents").GetArrayLength().ShouldBeGreaterThan(10);
    }

    [Fact]
    public void WhereNothingCanBeWrittenIsStorage()
    {
        using var folder = new TemporaryFolder();
        string trace = folder.Write("trace", Trace);

        Actorvmm.Ended ended = Actorvmm.Run("trace", "export", trace, "--format", "csv", "-o", folder.Path);
        ended.Code.ShouldBe(ExitCode.Storage);
        ended.ShouldHoldNoStackTrace();
    }

    [Fact]
    public void AFormatIsNeeded()
    {
        Actorvmm.Ended ended = Actorvmm.Run("trace", "export", "first-look");
        ended.Code.ShouldBe(ExitCode.WrongUsage);
        ended.Output.ShouldBeEmpty();
        ended.Error.ShouldContain("--format");
    }
}
