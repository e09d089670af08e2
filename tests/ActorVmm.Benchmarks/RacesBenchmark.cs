using System.Globalization;
using ActorVmm.Explorer;
using ActorVmm.Explorer.Catalogue;
using ActorVmm.Explorer.Exploring;

namespace ActorVmm.Benchmarks;

/// <summary>
/// How many schedules each strategy needs until it finds each race of the catalogue: the median of seeds 1 to 10, usual parameters, fifo delivery,
/// depth 3; dpor has no seed. Counts, not times: they are the same on every machine. A table for the README's laboratory page.
/// </summary>
internal static class RacesBenchmark
{
    private const int Seeds = 10;

    /// <summary>Whoever has not found a race by then is not waited for.</summary>
    private const long MostSchedules = 5_000;

    private static readonly StrategyKind[] _strategies =
        [StrategyKind.Random, StrategyKind.Pct, StrategyKind.Pctcp, StrategyKind.Pos, StrategyKind.Delay, StrategyKind.Portfolio, StrategyKind.Dpor];

    public static int Run(string[] arguments)
    {
        string only = arguments.Length > 0 ? arguments[0] : "";
        Console.WriteLine("| race | " + string.Join(" | ", _strategies.Select(NameOf)) + " |");
        Console.WriteLine("|---|" + string.Concat(Enumerable.Repeat("---:|", _strategies.Length)));
        foreach (CatalogueEntry entry in RaceCatalogue.All.Where(entry => entry.Name.Contains(only, StringComparison.Ordinal)))
        {
            Console.WriteLine($"| `{entry.Name}` | " + string.Join(" | ", _strategies.Select(strategy => MedianOf(entry, strategy))) + " |");
        }

        return 0;
    }

    /// <summary>The median; a dash when some seed found nothing.</summary>
    private static string MedianOf(CatalogueEntry entry, StrategyKind strategy)
    {
        var needed = new List<long>();
        for (ulong seed = 1; seed <= (strategy == StrategyKind.Dpor ? 1UL : Seeds); seed++)
        {
            ExplorationResult result = new Exploration(entry.Subject(isFixed: false), new ExplorationOptions
            {
                Strategy = strategy, Seed = seed, Schedules = MostSchedules, StopOnFirst = true, CountsTraces = false,
            }).Run();
            if (result.Findings.Count == 0)
            {
                return "–";
            }

            needed.Add(result.Findings[0].FirstAt);
        }

        needed.Sort();
        double median = (needed[(needed.Count - 1) / 2] + needed[needed.Count / 2]) / 2.0;
        return median.ToString("0.#", CultureInfo.InvariantCulture);
    }

    private static string NameOf(StrategyKind strategy) => strategy.ToString().ToLowerInvariant();
}
