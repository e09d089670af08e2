using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ActorVmm.Machine.Tests.Exports;

/// <summary>The rules of a ShiViz log as interfaces.md states them.</summary>
internal static class ShiVizChecker
{
    private const string Promised = @"(?<seq>\d+) t=(?<ts>\d+) (?<host>\S+) (?<clock>\{.*\}) (?<event>.*)";

    public static void Check(string file, TurnsOfRun turns)
    {
        string[] lines = file.Split('\n');
        lines[0].ShouldBe(Promised);
        lines[1].ShouldBeEmpty();
        lines[^1].ShouldBeEmpty();
        string[] events = lines[2..^1];
        events.Length.ShouldBe(turns.Deliveries.Count);
        var pattern = new Regex("^" + Promised + "$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1));
        var own = new Dictionary<string, int>(StringComparer.Ordinal);
        var hosts = new Dictionary<int, string>();
        var clocks = new Dictionary<(int Actor, int Turn), Dictionary<string, int>>();
        foreach ((int index, string line) in events.Index())
        {
            Match match = pattern.Match(line);
            match.Success.ShouldBeTrue(line);
            (long number, long now, int actor, int sender, int _, int _) = turns.Deliveries[index];
            match.Groups["seq"].Value.ShouldBe(number.ToString(CultureInfo.InvariantCulture));
            match.Groups["ts"].Value.ShouldBe(now.ToString(CultureInfo.InvariantCulture));
            string host = match.Groups["host"].Value;
            hosts.TryAdd(actor, host);
            host.ShouldBe(hosts[actor]);
            Dictionary<string, int> clock = JsonSerializer.Deserialize<Dictionary<string, int>>(match.Groups["clock"].Value)!;
            int turn = own.GetValueOrDefault(host) + 1;
            clock.GetValueOrDefault(host).ShouldBe(turn, $"its own entry rises by one: {line}");
            own[host] = turn;
            CheckGrowth(clock, turn == 1 ? [] : clocks[(actor, turn - 1)]);
            clocks[(actor, turn)] = clock;
            if (sender != 0)
            {
                clock.ShouldContainKey(hosts[sender]);
                clock[hosts[sender]].ShouldBeLessThanOrEqualTo(own[hosts[sender]]);
                CheckGrowth(clock, clocks[(sender, clock[hosts[sender]])], except: sender == actor ? host : null);
            }
        }

        hosts.Values.Distinct(StringComparer.Ordinal).Count().ShouldBe(hosts.Count, "no two actors share a name");
    }

    private static void CheckGrowth(Dictionary<string, int> clock, Dictionary<string, int> before, string? except = null)
    {
        foreach ((string host, int entry) in before)
        {
            if (!string.Equals(host, except, StringComparison.Ordinal))
            {
                clock.GetValueOrDefault(host).ShouldBeGreaterThanOrEqualTo(entry);
            }
        }
    }
}
