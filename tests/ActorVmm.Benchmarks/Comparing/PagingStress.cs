using System.Globalization;
using System.Text;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Benchmarks.Comparing;

/// <summary>A thousand processes that want twice the memory there is, so that most of what they do is paging.</summary>
internal static class PagingStress
{
    private const string Yaml = """
        version: 1
        name: stress-1000
        seed: 7
        machine: { ram: 128MiB, cpus: 4, pagingFiles: [ { size: 1GiB, latency: normal(4ms, 1ms) } ] }
        processes:
          worker:
            count: 1000
            workingSet: { min: 20 pages, max: 200 pages }
            phases:
              - reserve: { name: heap, size: 1MiB }
              - commit: { region: heap, size: 256KiB, protect: readwrite }
              - touch: { region: heap, pattern: zipf(0.9), writes: 40%, count: COUNT }
        """;

    /// <param name="accesses">Of each process.</param>
    public static Scenario Scenario(int accesses)
    {
        using var text = new MemoryStream(Encoding.UTF8.GetBytes(Yaml.Replace("COUNT", accesses.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));
        return ScenarioFile.Load(text, "stress-1000.yaml");
    }
}
