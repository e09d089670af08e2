using ActorVmm.Machine.Summary;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests;

/// <summary>Why runs end, and what is said then.</summary>
public sealed class RunEndTests
{
    private const string Sleeper = """
          sleeper:
            phases:
              - reserve: { name: heap, size: 64KiB }
              - commit:  { region: heap }
              - touch:   { region: heap, pattern: sequential }
              - idle: 5s
              - touch:   { region: heap, pattern: sequential }
        """;

    [Fact]
    public void ARunEndsWhenItsScenarioHasEnded()
    {
        using Scenario scenario = Runs.Small(Sleeper);
        RunSummary summary = Runs.Of(scenario);

        summary.End.ShouldBe(RunEnd.Finished);
        summary.VirtualTime.ShouldBeGreaterThan(Ticks.FromSeconds(5));
        summary.FoundSomething.ShouldBeFalse();
    }

    [Fact]
    public void ARunEndsAtTheTimeAskedFor()
    {
        using Scenario scenario = Runs.Small(Sleeper);
        RunSummary summary = Runs.Of(scenario, until: Ticks.FromSeconds(2));

        summary.End.ShouldBe(RunEnd.TimeReached);
        summary.VirtualTime.ShouldBe(Ticks.FromSeconds(2));
        summary.Processes.Listed.ShouldHaveSingleItem().WorkingSet.ShouldBe(16);
    }

    [Fact]
    public void ARunEndsWhenSomebodyStopsIt()
    {
        using Scenario scenario = Runs.Small(Sleeper);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        var recorder = new RunRecorder(new RunPlan(scenario), "id", TimeProvider.System);
        recorder.Run(stop.Token);

        RunSummary summary = recorder.Summarize();
        summary.End.ShouldBe(RunEnd.Interrupted);
        summary.Expectations.ShouldBeEmpty();
    }

    [Fact]
    public void AThreadThatNeverEndsMakesARunStuck()
    {
        using Scenario scenario = Runs.Small(Sleeper);
        var recorder = new RunRecorder(new RunPlan(scenario), "id", TimeProvider.System, options => new ForgetfulHost(options));
        recorder.Run(CancellationToken.None);

        RunSummary summary = recorder.Summarize();
        summary.End.ShouldBe(RunEnd.Stuck);
        summary.Violations.ShouldContain(broken => broken.Specification == "EveryThreadEnds");
        summary.FoundSomething.ShouldBeTrue();
    }

    [Fact]
    public void ABugCheckIsAFinding()
    {
        using Scenario scenario = Runs.Small(Sleeper);
        var recorder = new RunRecorder(new RunPlan(scenario), "id", TimeProvider.System);
        recorder.Machine.Host.Inject(recorder.Machine.Cast.PfnDatabase, new StartScenario());
        recorder.Run(CancellationToken.None);

        RunSummary summary = recorder.Summarize();
        summary.End.ShouldBe(RunEnd.BugCheck);
        summary.Violations.ShouldContain(broken => broken.Specification == "BugCheck" && broken.Text.Contains("PFN", StringComparison.Ordinal));
    }

    /// <summary>A host on which threads never wake up: it loses the message that says so.</summary>
    private sealed class ForgetfulHost(HostOptions options) : IHost
    {
        private readonly DeterministicHost _host = new(options);

        public Ticks Now => _host.Now;

        public HostStatistics Statistics => _host.Statistics;

        public ActorId Create(IActor actor, Role role) => _host.Create(actor, role);

        public void Inject(ActorId to, in Message message)
        {
            if (message.Kind != StartScenario.Kind)
            {
                _host.Inject(to, message);
            }
        }

        public RunOutcome Run(Ticks? until = null, long? maxTurns = null) => _host.Run(until, maxTurns);

        public Fingerprint Fingerprint(IEncodable? shared = null) => _host.Fingerprint(shared);
    }
}
