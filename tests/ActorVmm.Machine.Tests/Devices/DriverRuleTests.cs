using ActorVmm.Machine.Summary;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests.Devices;

/// <summary>The driver's rule (fact book §24), broken and kept: the same requests, and what becomes of them by seed.</summary>
public sealed class DriverRuleTests
{
    private const string Broken = "driver-arbitrary-context";
    private const string Kept = "driver-mdl";
    private const int Seeds = 24;

    /// <summary>A requestor, and a neighbour that is current when the device answers; what it has at the requestor's address is up to the test.</summary>
    private const string OneRequest = """
          requestor:
            lingers: true
            phases:
              - reserve:    { name: buffer, size: 64KiB }
              - commit:     { region: buffer }
              - touch:      { region: buffer, writes: 100% }
              - idle:       5ms
              - readDevice: { device: camera, region: buffer }
          neighbour:
            lingers: true
            phases:
              - reserve: { name: heap, size: 64KiB, address: ADDRESS }
              - commit:  { region: heap }
              - repeat:  { times: 60, phases: [ { touch: { region: heap, size: TOUCHED, writes: 100% } }, { idle: 200us } ] }
        """;

    [Fact]
    public void WhereABrokenRuleEndsIsUpToTheSeed()
    {
        RunSummary[] runs = [.. Enumerable.Range(1, Seeds).Select(seed => Run(Broken, (ulong)seed))];

        runs.Count(run => Held(run, "devices.strayStores(camera) == 1")).ShouldBeGreaterThan(0, "another process was corrupted");
        runs.Count(run => Held(run, "devices.accessViolations(camera) == 1")).ShouldBeGreaterThan(0, "an access violation");
        RunSummary[] stopped = [.. runs.Where(run => run.End == RunEnd.BugCheck)];
        stopped.Length.ShouldBeGreaterThan(0);
        stopped.ShouldAllBe(run => run.Violations.Count == 1 && run.Violations[0].Text.Contains("DRIVER_IRQL_NOT_LESS_OR_EQUAL", StringComparison.Ordinal));
        runs.Where(run => run.End != RunEnd.BugCheck).ShouldAllBe(run => run.Violations.Count == 0 && run.End == RunEnd.Finished);
    }

    [Fact]
    public void WhereItIsKeptNothingHappensWhateverTheSeed()
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            RunSummary run = Run(Kept, seed);

            run.End.ShouldBe(RunEnd.Finished);
            run.Violations.ShouldBeEmpty();
            Held(run, "devices.elsewhere(camera) > 0").ShouldBeTrue("other processes were current");
            Held(run, "devices.strayStores(camera) == 0").ShouldBeTrue();
            Held(run, "devices.accessViolations(camera) == 0").ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData("buffered", "locks-pages")]
    [InlineData("direct", "locks-pages")]
    [InlineData("neither", "locks-pages")]
    public void WhoeverIsCurrentTheRequestorGetsItsAnswer(string buffers, string driver)
    {
        RunSummary run = One(buffers, driver, "\"0x1'0000'0000\"", "64KiB", "word(requestor, 0x100000000) == 1", "word(neighbour, 0x100000000) == 0", "devices.elsewhere(camera) == 1");

        Judge(run);
    }

    [Fact]
    public void AStoreToAnAddressThatWasKeptHitsWhoeverIsCurrent() => Judge(One(
        "neither", "keeps-address", "\"0x1'0000'0000\"", "64KiB",
        "word(requestor, 0x100000000) == 0", "word(neighbour, 0x100000000) == 1", "devices.strayStores(camera) == 1", "devices.failed(camera) == 0"));

    [Theory]
    [InlineData("\"0x5000'0000\"", "64KiB")]
    [InlineData("\"0x0'FFFF'0000\"", "64KiB")]
    public void AtDispatchLevelAPageThatIsNotThereIsABugCheck(string address, string touched)
    {
        RunSummary run = One("neither", "keeps-address", address, touched, "violations == 0");

        run.End.ShouldBe(RunEnd.BugCheck);
        run.Violations.ShouldHaveSingleItem().Text.ShouldContain("bug check 0xD1");
    }

    [Fact]
    public void AtPassiveLevelThePageIsBroughtInAndCorrupted() => Judge(One(
        "neither", "keeps-address", "\"0x1'0000'0000\"", "64KiB", passive: true, handles: true, "word(neighbour, 0x100000000) == 1", "devices.strayStores(camera) == 1"));

    [Fact]
    public void AtPassiveLevelAnExceptionThatIsHandledFailsTheRequestOnly() => Judge(One(
        "neither", "keeps-address", "\"0x5000'0000\"", "64KiB", passive: true, handles: true,
        "devices.failed(camera) == 1", "devices.accessViolations(camera) == 1", "devices.strayStores(camera) == 0"));

    [Fact]
    public void AtPassiveLevelAnExceptionThatNobodyHandlesIsABugCheck()
    {
        RunSummary run = One("neither", "keeps-address", "\"0x5000'0000\"", "64KiB", passive: true, handles: false, "violations == 0");

        run.End.ShouldBe(RunEnd.BugCheck);
        run.Violations.ShouldHaveSingleItem().Text.ShouldContain("bug check 0x1E");
    }

    [Fact]
    public void ADriverThatForgetsToUnlockIsFoundAndItsProcessCannotEnd()
    {
        RunSummary run = Of("neither", "forgets-to-unlock", OneRequest.Replace("lingers: true", "lingers: false", StringComparison.Ordinal), passive: false, handles: true, "violations == 0");

        run.End.ShouldBe(RunEnd.BugCheck);
        run.Violations.Select(broken => broken.Specification).ShouldBe(["EveryLockedPageIsUnlocked", "BugCheck"], ignoreOrder: true);
        run.Violations.ShouldContain(broken => broken.Text.Contains("bug check 0x76", StringComparison.Ordinal) && broken.Text.Contains("1 pages locked", StringComparison.Ordinal));
    }

    /// <summary>Deterministic, parallel, and replayed from what the parallel one recorded; on Akka.NET all stock scenarios run in its own tests.</summary>
    [Theory]
    [InlineData(Kept)]
    [InlineData(Broken)]
    public void OnSeveralCoresTheRunIsReplayedBitForBit(string name)
    {
        ParallelHost? host = null;
        RunSummary run = Run(name, 1, options => host = new ParallelHost(new ParallelHostOptions(options) { Workers = 2, Clock = TimeProvider.System }));
        if (run.End == RunEnd.BugCheck)
        {
            // Here the schedule decides, not the seed alone.
            name.ShouldBe(Broken);
            return;
        }

        run.Violations.ShouldBeEmpty();
        var record = ParallelRecord.Decode(host!.TakeRecord().Encode());
        Run(name, 1, options => new ReplayHost(record, new ReplayOptions(options))).Fingerprint.ShouldBe(run.Fingerprint);
    }

    [Fact]
    public void TheSameSeedIsTheSameRun() => Run(Broken, 2).Fingerprint.ShouldBe(Run(Broken, 2).Fingerprint);

    private static RunSummary One(string buffers, string driver, string address, string touched, params string[] expected) =>
        One(buffers, driver, address, touched, passive: false, handles: true, expected);

    private static RunSummary One(string buffers, string driver, string address, string touched, bool passive, bool handles, params string[] expected) =>
        Of(buffers, driver, OneRequest.Replace("ADDRESS", address, StringComparison.Ordinal).Replace("TOUCHED", touched, StringComparison.Ordinal), passive, handles, expected);

    private static RunSummary Of(string buffers, string driver, string processes, bool passive, bool handles, params string[] expected)
    {
        string machine = $"{{ ram: 1MiB, cpus: 2, devices: {{ camera: {{ buffers: {buffers}, driver: {driver}, latency: const(2ms), "
            + $"passive: {(passive ? "100%" : "0%")}, handlesExceptions: {(handles ? "true" : "false")} }} }} }}";
        string text = processes.Replace("ADDRESS", "\"0x5000'0000\"", StringComparison.Ordinal).Replace("TOUCHED", "64KiB", StringComparison.Ordinal);
        using Scenario scenario = Runs.Small(text + "\nexpect: [ \"" + string.Join("\", \"", expected) + "\" ]\n", machine);
        return Runs.Of(scenario);
    }

    private static void Judge(RunSummary run)
    {
        run.End.ShouldBe(RunEnd.Finished);
        run.Violations.ShouldBeEmpty();
        run.Expectations.Where(expectation => !expectation.Held).Select(expectation => $"{expectation.Text}: {expectation.Found}").ShouldBeEmpty();
    }

    private static RunSummary Run(string name, ulong seed, Func<HostOptions, IHost>? hostOf = null)
    {
        using Scenario scenario = Runs.Named(name, seed);
        var recorder = new RunRecorder(new RunPlan(scenario), "00000000000000000000000000", TimeProvider.System, hostOf);
        recorder.Run(CancellationToken.None);
        return recorder.Summarize();
    }

    private static bool Held(RunSummary run, string expectation) =>
        run.Expectations.Where(one => string.Equals(one.Text, expectation, StringComparison.Ordinal)).ShouldHaveSingleItem().Held;
}
