using System.Text;
using ActorVmm.Workloads.Scenarios;
using ActorVmm.Workloads.Tests.Traces;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Workloads.Tests.Scenarios;

public sealed class WorkloadFileTests
{
    private const string Yaml = "# hello\n\nversion: 1\nmachine: { ram: 4MiB }\nprocesses: { p: { phases: [ { idle: 1ms } ] } }\n";

    [Theory]
    [InlineData(Yaml, 0)]
    [InlineData("{ version: 1, machine: { ram: 4MiB }, processes: { p: { phases: [ { idle: 1ms } ] } } }", 0)]
    [InlineData("1,2,3", 1)]
    [InlineData("==1== x\nI  00401000,3\n", 1)]
    [InlineData("# one\n0 1.1 r 0x10000\n", 1)]
    public void TheContentTellsScenariosFromTraces(string text, int traces)
    {
        using Scenario scenario = WorkloadFile.Load(new MemoryStream(Encoding.UTF8.GetBytes(text)), "-");

        scenario.Traces.Count.ShouldBe(traces);
        scenario.Operator.Processes.Count.ShouldBe(1);
    }

    [Fact]
    public void GzipAndAFormatSayThatItIsATrace()
    {
        using Scenario packed = WorkloadFile.Load(new MemoryStream(TraceText.Gzip("1,2"u8.ToArray())), "-");
        packed.Traces.Count.ShouldBe(1);
        Should.Throw<InputException>(() => WorkloadFile.Load(new MemoryStream(Encoding.UTF8.GetBytes(Yaml)), "-", TraceFormat.Refs))
            .Message.ShouldContain("expected page numbers");
    }

    [Fact]
    public void AFileIsToldByItsNameOrItsContent()
    {
        using Scenario trace = WorkloadFile.Load(RepositoryFiles.Trace("true"));
        trace.Traces[0].Info.Accesses.ShouldBeGreaterThan(82_000);
        using Scenario scenario = WorkloadFile.Load(Path.Combine(RepositoryFiles.Scenarios, "demand-zero.yaml"));
        scenario.Name.ShouldBe("demand-zero");
        Should.Throw<InputException>(() => WorkloadFile.Load("/nowhere")).Message.ShouldContain("no such file");
        Should.Throw<InputException>(() => WorkloadFile.Load(RepositoryFiles.Root)).Message.ShouldContain("is a directory");
    }
}
