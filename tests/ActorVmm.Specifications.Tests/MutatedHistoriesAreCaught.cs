using System.Globalization;
using Xunit.Abstractions;

namespace ActorVmm.Specifications.Tests;

/// <summary>
/// Change one fact of a history that holds, and some promise should break: how often it does is how much the specifications see.
/// About nine in ten do. The rest say what no promise is about (the kind of a fault, a status), or are wrong without consequence:
/// a clean page deleted as dirty, a number corrected in the next turn.
/// Inputs come from FsCheck with a fixed seed, so the ratio is the same on every run.
/// </summary>
public sealed class MutatedHistoriesAreCaught(ITestOutputHelper output)
{
    [Fact]
    public void MostWrongFactsBreakAPromise()
    {
        var caught = new SortedDictionary<string, (int Caught, int Tried)>(StringComparer.Ordinal);
        var tried = 0;
        var found = 0;
        foreach (var input in FsCheck.Fluent.Gen.Sample(Inputs, 3_000, new FsCheck.Rnd(20_261_120UL), 50))
        {
            var machine = RandomHistory.Play((ulong)(input[0] % 20) + 1, steps: 300);
            if (Mutation.Of(machine.History, input[1], input[2], input[3], input[4], (ulong)input[5]) is not { } mutated)
            {
                continue;
            }

            var holds = mutated.History.Play(machine.Plan, SpecificationSuite.All(), quiesces: true).Holds;
            tried++;
            found += holds ? 0 : 1;
            var before = caught.GetValueOrDefault(mutated.What);
            caught[mutated.What] = (before.Caught + (holds ? 0 : 1), before.Tried + 1);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{found} of {tried} mutations broke a promise"));
        foreach (var (what, counts) in caught.Where(pair => pair.Value.Caught < pair.Value.Tried))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {counts.Caught} of {counts.Tried}"));
        }

        ((double)found / tried).ShouldBeGreaterThan(0.85);
    }

    private static FsCheck.Gen<int[]> Inputs => FsCheck.Fluent.Gen.ArrayOf(FsCheck.Fluent.Gen.Choose(0, 1_000_000), 6);
}
