using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ActorVmm.Journal.Campaigns;
using ActorVmm.Journal.Tests;
using ActorVmm.Journal.Tests.Crashes;
using Microsoft.Data.Sqlite;

namespace ActorVmm.Akka.Tests.Campaigns;

/// <summary>Two nodes as two processes on the loopback address come to what one comes to, also when one of them is killed.</summary>
public sealed class TwoNodesTests : IDisposable
{
    private const string Small = """
        version: 1
        name: small
        machine: { ram: 512KiB, cpus: 2, pagingFiles: [ { size: 4MiB, latency: exp(2ms) } ] }
        processes:
          a:
            count: 3
            phases:
              - reserve: { name: heap, size: 512KiB }
              - commit:  { region: heap }
              - touch:   { region: heap, pattern: random, writes: 50%, count: 300 }
        expect: [ "faults.hard < 310" ]
        """;

    private readonly TemporaryFolder _folder = new();

    /// <summary>A thousand take a while on a computer that has other things to do.</summary>
    private static int Seeds => Environment.GetEnvironmentVariable("ACTORVMM_LONG") is { Length: > 0 } ? 1_000 : 120;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OneNodeIsKilledHalfWayAndNoSeedIsLostOrCountedTwice()
    {
        string scenario = _folder["small.yaml"];
        File.WriteAllText(scenario, Small);
        string journal = _folder["nodes.db"];
        string seeds = FormattableString.Invariant($"1..{Seeds}");
        Process? other = null;
        bool killed = false;

        Actorvmm.Ended ended;
        try
        {
            ended = Nodes.Run(
                ["campaign", scenario, "--seeds", seeds, "--nodes", "2", "--workers", "1", "--journal", journal, "--json", "--progress", "50ms"],
                line =>
                {
                    if (line.TryGetProperty("listening", out JsonElement address))
                    {
                        other = Nodes.Start("campaign", "join", address.GetString()!, "--workers", "1");
                    }
                    else if (!killed && line.TryGetProperty("done", out JsonElement done) && done.GetInt64() >= Seeds / 4)
                    {
                        killed = true;
                        other!.Kill();
                    }
                });
        }
        finally
        {
            other?.Kill();
            other?.Dispose();
        }

        ended.Code.ShouldBe(1, ended.Error);
        killed.ShouldBeTrue();
        JsonElement summary = ended.Summary;
        (summary.GetProperty("nodes").GetInt32(), summary.GetProperty("end").GetString()).ShouldBe((2, "finished"));
        SeedsOf(journal).ShouldBe(Enumerable.Range(1, Seeds).Select(seed => (long)seed));

        JsonElement alone = Actorvmm.Run("campaign", scenario, "--seeds", seeds, "--workers", "2", "--journal", "none", "--json").Summary;
        summary.GetProperty("fingerprint").GetString().ShouldBe(alone.GetProperty("fingerprint").GetString());
        summary.GetProperty("campaign").GetString().ShouldBe(alone.GetProperty("campaign").GetString());
        Shown(summary).ShouldBe(Shown(alone));
        Shown(summary).ShouldNotBeEmpty();
    }

    [Fact]
    public void AnotherBuildIsRefusedWithBothVersionsNamed()
    {
        string scenario = _folder["small.yaml"];
        File.WriteAllText(scenario, Small);
        using var rebuilt = new RebuiltProgram();
        Actorvmm.Ended? refused = null;
        string campaigns = "";

        Nodes.Run(
            ["campaign", scenario, "--seeds", "1..1000000", "--nodes", "2", "--workers", "1", "--journal", "none", "--json"],
            (process, line) =>
            {
                campaigns = line.TryGetProperty("kernel", out JsonElement kernel) ? kernel.GetString()! : campaigns;
                if (refused is null && line.TryGetProperty("listening", out JsonElement address))
                {
                    refused = rebuilt.Run("campaign", "join", address.GetString()!);
                    using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
                    kill.WaitForExit();
                }
            }).Code.ShouldBe(143);

        refused.ShouldNotBeNull().Code.ShouldBe(6, refused.Error);
        campaigns.ShouldContain("build ");
        refused.Error.ShouldContain("the campaign's kernel is " + campaigns);
        refused.Error.ShouldContain("and this node's is actorvmm ");
        refused.Error.Split("build ").Length.ShouldBe(3, "both builds are named");
        refused.Error.Split("build ")[1][..32].ShouldNotBe(refused.Error.Split("build ")[2][..32]);
    }

    [Fact]
    public void WhereNobodyCoordinatesThereIsNothingToJoin()
    {
        string folder = Directory.CreateDirectory(_folder["patience"]).FullName;
        File.WriteAllText(Path.Combine(folder, "akka.hocon"), "actorvmm.campaign.knock-timeout = 1s\n");
        Actorvmm.Ended ended = Nodes.RunIn(folder, "campaign", "join", "127.0.0.1:1");
        ended.Code.ShouldBe(4, ended.Error);
        ended.Error.ShouldContain("127.0.0.1:1");
    }

    [Theory]
    [InlineData("campaign join nowhere", "nowhere")]
    [InlineData("campaign join 127.0.0.1:99999", "99999")]
    [InlineData("campaign thrash --seeds 1..2 --nodes 0", "--nodes")]
    [InlineData("campaign thrash --seeds 1..2 --nodes a,b", "--nodes")]
    [InlineData("campaign thrash --seeds 1..2 --nodes 127.0.0.1:0 --listen 127.0.0.1:0", "--listen")]
    public void WhatIsNoAddressIsRefused(string line, string named)
    {
        Actorvmm.Ended ended = Actorvmm.Run(line.Split(' '));
        ended.Code.ShouldBe(2, ended.Error);
        ended.Error.ShouldContain(named);
    }

    /// <summary>What is the same however the seeds were run.</summary>
    private static string[] Shown(JsonElement summary) =>
        [.. summary.GetProperty("findings").EnumerateArray().Select(finding => $"{finding.GetProperty("finding")} {finding.GetProperty("specification")} {finding.GetProperty("shape")} {finding.GetProperty("seed")} {finding.GetProperty("seeds")}")];

    private static List<long> SeedsOf(string journal)
    {
        using var connection = new SqliteConnection($"Data Source={journal};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT seed FROM actorvmm_seed ORDER BY seed";
        using SqliteDataReader reader = command.ExecuteReader();
        List<long> seeds = [];
        while (reader.Read())
        {
            seeds.Add(reader.GetInt64(0));
        }

        return seeds;
    }
}
