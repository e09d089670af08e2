using System.Text.Json;
using ActorVmm.Actors;
using ActorVmm.Cli.Verbs;
using ActorVmm.Explorer;
using ActorVmm.Explorer.Scenarios;
using ActorVmm.Explorer.Strategies;
using ActorVmm.Machine.Tests;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Tests;

/// <summary>A schedule of a scenario is a run like any other once it is recorded: it is replayed, looked into, compared and exported.</summary>
public sealed class RecordedFindingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _scenario = RepositoryFiles.PathOf("config", "scenarios", "two-threads.yaml");
    private readonly string _journal;

    public RecordedFindingTests() => _journal = Path.Combine(_folder.Path, "found.db");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(DeliveryModel.Fifo, 0)]
    [InlineData(DeliveryModel.Fifo, 3)]
    [InlineData(DeliveryModel.Bag, 1)]
    public void ARecordedScheduleIsARunLikeAnyOther(DeliveryModel model, int timers)
    {
        (string run, int turns) = Record(new ExecutionSetting { Model = model, TimerFirings = timers }, seed: 5);

        JsonElement replayed = Summary("replay", run, "--verify");
        replayed.GetProperty("verified").GetBoolean().ShouldBeTrue(replayed.ToString());
        replayed.GetProperty("deliveries").GetInt64().ShouldBe(turns);
        Run("inspect", run, "at", "10", "process").Output.ShouldContain("team");
        Run("trace", "export", run, "--format", "ndjson").Output.Split('\n').Length.ShouldBeGreaterThan(10);
        Run("diff", run, run).Code.ShouldBe(ExitCode.Fine);
    }

    [Fact]
    public void TwoSchedulesOfOneScenarioPartSomewhere()
    {
        (string one, _) = Record(new ExecutionSetting { TimerFirings = 0 }, seed: 1);
        (string other, _) = Record(new ExecutionSetting { TimerFirings = 0 }, seed: 2);

        Run("diff", one, other).Code.ShouldBe(ExitCode.Found);
    }

    [Fact]
    public void AScheduleThatBreaksNothingIsNeitherShrunkNorExplained()
    {
        (string run, _) = Record(new ExecutionSetting { TimerFirings = 0 }, seed: 1);

        foreach (string verb in (string[])["shrink", "explain"])
        {
            Actorvmm.Ended ended = Run(verb, run);
            ended.Code.ShouldBe(ExitCode.NothingToDo);
            ended.Error.ShouldContain("breaks no promise here");
        }

        Run("replay", run, "--resume").Code.ShouldBe(ExitCode.WrongUsage);
    }

    [Fact]
    public void AnOrdinaryRunHasAStoryAndNoSchedule()
    {
        Actorvmm.Run("run", _scenario, "--journal", _journal).Code.ShouldBe(ExitCode.Fine);

        Actorvmm.Ended story = Run("explain", "latest");
        story.Code.ShouldBe(ExitCode.Fine, story.Error);
        story.Output.ShouldContain("Done again, it is what was recorded");
        story.Output.ShouldContain("No promise broke.");
        Run("shrink", "latest").Code.ShouldBe(ExitCode.NothingToDo);
    }

    private (string Run, int Turns) Record(ExecutionSetting setting, ulong seed)
    {
        using Scenario scenario = ScenarioFile.Load(_scenario, new ScenarioOverrides());
        ExploredMachine machine = new(new ScenarioSubject(scenario, "x"), setting, recorded: false);
        RandomStrategy random = new(seed);
        random.Begin(0);
        machine.Run(random);
        machine.Violation.ShouldBeNull();
        return (RecordedFinding.Record(_journal, scenario, setting, machine.Host.Recorded, KernelRule.None, TimeProvider.System), machine.Turns);
    }

    private Actorvmm.Ended Run(params string[] words) => Actorvmm.Run([.. words, "--journal", _journal]);

    private JsonElement Summary(params string[] words)
    {
        Actorvmm.Ended ended = Run([.. words, "--json"]);
        ended.Code.ShouldBe(ExitCode.Fine, ended.Error + ended.Output);
        return JsonDocument.Parse(ended.Output.Trim().Split('\n')[^1]).RootElement;
    }
}
