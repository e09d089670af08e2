using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace ActorVmm.Specifications.Tests;

/// <summary>
/// What judging costs. The time is printed, not judged, because machines differ:
/// <c>dotnet test -c Release tests/ActorVmm.Specifications.Tests --filter CostOfAFact --logger "console;verbosity=detailed"</c>.
/// </summary>
public sealed class CostOfAFact(ITestOutputHelper output)
{
    private const int Rounds = 25;

    /// <summary>Turns timed at once: few enough that most slices are not interrupted on a busy machine.</summary>
    private const int Slice = 250;

    [Fact]
    public void JudgingAllocatesNothingOnceTheTablesHaveGrown()
    {
        var machine = RandomHistory.Play(seed: 1, steps: 100_000, frames: 256, pages: 200);
        var turns = machine.History.Turns;
        var half = turns.Count / 2;
        long facts = turns.Skip(half).Sum(turn => turn.Facts.Length);
        var best = double.MaxValue;
        long allocated = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var suite = new SpecificationSuite(machine.Plan);
            Hear(suite, turns, 0, half);
            var times = new List<double>((turns.Count / Slice) + 1);
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            for (var at = half; at < turns.Count; at += Slice)
            {
                var start = Stopwatch.GetTimestamp();
                var heard = Hear(suite, turns, at, Math.Min(turns.Count, at + Slice));
                times.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds / heard);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - bytes;
            suite.Violations.ShouldBeEmpty();
            times.Sort();
            best = Math.Min(best, times[times.Count / 2]);
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{best:F1} ns and {(double)allocated / facts:F3} bytes a fact, all specifications; {facts} facts in {turns.Count - half} turns, best round's median slice"));
        allocated.ShouldBe(0);
    }

    private static int Hear(SpecificationSuite suite, List<(ActorId Actor, Told[] Facts)> turns, int from, int to)
    {
        var heard = 0;
        for (var at = from; at < to; at++)
        {
            heard += turns[at].Facts.Length;
            suite.Heard(new TurnStamp(turns[at].Actor, new Ticks(at), at + 1), turns[at].Facts);
        }

        return heard;
    }
}
