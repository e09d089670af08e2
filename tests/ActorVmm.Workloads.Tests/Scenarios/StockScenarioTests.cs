using System.Reflection;
using System.Text.Json;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Workloads.Tests.Scenarios;

public sealed class StockScenarioTests
{
    public static TheoryData<string> Names => [.. Files(RepositoryFiles.Scenarios)];

    public static TheoryData<string> Machines => [.. Files(RepositoryFiles.Machines)];

    [Theory]
    [MemberData(nameof(Names))]
    public void EveryStockScenarioFitsAndTeaches(string file)
    {
        string path = Path.Combine(RepositoryFiles.Scenarios, file);
        using Scenario scenario = ScenarioFile.Load(path);

        File.ReadAllLines(path)[0].ShouldStartWith("# ");
        (scenario.Name + ".yaml").ShouldBe(file);
        scenario.Operator.Processes.ShouldNotBeEmpty();
        scenario.Expectations.ShouldNotBeEmpty();

        // Every program starts, and every operation of a short one is what the memory manager takes.
        var scratch = new Operation[64];
        foreach (ProcessPlan process in scenario.Operator.Processes.Take(50))
        {
            foreach (IProgram program in process.Threads)
            {
                program.Read(0, scratch).Length.ShouldBeGreaterThan(0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void EveryMachineFits(string file)
    {
        string yaml = $$"""
            version: 1
            machine: {{Path.Combine(RepositoryFiles.Machines, file)}}
            processes: { p: { phases: [ { idle: 1ms } ] } }
            """;

        ScenarioText.Load(yaml).Machine.PagingFiles.ShouldNotBeEmpty();
    }

    [Fact]
    public void TheSchemaListsExactlyTheKeysOfTheBinder()
    {
        using JsonDocument schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryFiles.Scenarios, "schema.json")));
        JsonElement definitions = schema.RootElement.GetProperty("$defs");
        PropertyInfo[] lists = typeof(ScenarioKeys).GetProperties();

        foreach (PropertyInfo list in lists)
        {
            string name = char.ToLowerInvariant(list.Name[0]) + list.Name[1..];
            definitions.GetProperty(name).GetProperty("properties").EnumerateObject().Select(p => p.Name).Order()
                .ShouldBe(((IReadOnlyList<string>)list.GetValue(null)!).Order(), name);
        }

        definitions.EnumerateObject().Count(definition => definition.Value.TryGetProperty("properties", out _)).ShouldBe(lists.Length);
    }

    [Fact]
    public void SixtyFourCompilersMakeTheAccessesThatTheirScenarioExpects()
    {
        using Scenario scenario = ScenarioFile.Load(Path.Combine(RepositoryFiles.Scenarios, "gcc-64.yaml"));

        (scenario.Traces[0].Info.Accesses * 64).ShouldBe(120_494_144);
        (scenario.Traces[0].Info.Pages * 64).ShouldBe(76_864);
    }

    private static IEnumerable<string> Files(string directory) => Directory.GetFiles(directory, "*.yaml").Select(file => Path.GetFileName(file)!).Order();
}
