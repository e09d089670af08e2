using System.Text.Json;

namespace ActorVmm.Cli.Tests;

/// <summary>A recorded run is taken again with what it was recorded with: the same files, and flags as strong as they were.</summary>
public sealed class RecordedInputTests : IDisposable
{
    private const string OfTrace = """
        version: 1
        name: traced
        machine: machine.yaml
        processes:
          reader: { count: 1, trace: pages.refs, format: refs }
        """;

    private const string Machine = "{ ram: 4MiB, cpus: 1, pagingFiles: [ { size: 4MiB, latency: const(1ms) } ] }";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("pages.refs", "1,2,3,4,2w,9")]
    [InlineData("machine.yaml", "{ ram: 8MiB, cpus: 1, pagingFiles: [ { size: 4MiB, latency: const(1ms) } ] }")]
    public void AFileThatTheScenarioNamesMayNotHaveChanged(string name, string changed)
    {
        _folder.Write("traced.yaml", OfTrace);
        _folder.Write("pages.refs", "1,2,3,4,2w,8");
        _folder.Write("machine.yaml", Machine);
        Actorvmm.Ended run = Run("run traced.yaml --json");
        run.Code.ShouldBe(ExitCode.Fine, run.Error);
        Run("replay latest").Code.ShouldBe(ExitCode.Fine);

        _folder.Write(name, changed);
        foreach (string line in (string[])["replay latest", "inspect latest at 1 vm"])
        {
            Actorvmm.Ended ended = Run(line);
            ended.Code.ShouldBe(ExitCode.InputRejected);
            ended.Error.ShouldContainEach([name, "has changed since"]);
            ended.ShouldHoldNoStackTrace();
        }
    }

    [Fact]
    public void WhatTheUsersFileSaysStaysWeakerThanTheScenario()
    {
        _folder.Write("own.yaml", """
            version: 1
            name: own
            machine: { ram: 4MiB, cpus: 1, pagingFiles: [ { size: 4MiB, latency: const(1ms) } ] }
            processes:
              worker:
                count: 2
                phases:
                  - reserve: { name: heap, size: 1MiB }
                  - commit: { region: heap }
                  - touch: { region: heap, pattern: uniform, count: 200 }
            """);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "actorvmm"));
        _folder.Write(Path.Combine("actorvmm", "config.yaml"), "processes: 7\nframes: 400\nseed: 31\n");
        string recorded = Fingerprint(Run("run own.yaml --json"));
        Actorvmm.Ended replay = Run("replay latest --json");
        replay.Code.ShouldBe(ExitCode.Fine, replay.Error);
        Fingerprint(replay).ShouldBe(recorded);

        File.Delete(Path.Combine(_folder.Path, "actorvmm", "config.yaml"));
        Fingerprint(Run("replay latest --json")).ShouldBe(recorded, "the user's file has gone, and the journal remembers");
    }

    private static string Fingerprint(Actorvmm.Ended ended)
    {
        using JsonDocument document = JsonDocument.Parse(ended.Output.TrimEnd().Split('\n')[^1]);
        return document.RootElement.GetProperty("fingerprint").GetString()!;
    }

    private Actorvmm.Ended Run(string line) => Actorvmm.Run(new Actorvmm.Launch(line.Split(' '))
    {
        Folder = _folder.Path, Environment = new() { ["ACTORVMM_JOURNAL"] = "", ["XDG_CONFIG_HOME"] = _folder.Path, ["APPDATA"] = _folder.Path },
    });
}
