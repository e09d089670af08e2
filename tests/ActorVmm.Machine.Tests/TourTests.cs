using ActorVmm.Machine.Summary;
using ActorVmm.Runtime;
using ActorVmm.Runtime.Parallel;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests;

/// <summary>Every lesson of config/scenarios/tour states what it teaches, and it is so, on the deterministic and on the parallel host.</summary>
public sealed class TourTests
{
    public static TheoryData<string> Names =>
    [
        .. Directory.EnumerateFiles(RepositoryFiles.PathOf("config", "scenarios", "tour"), "*.yaml").Select(path => "tour/" + Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void ALessonHoldsAndIsTheSameRunTwice(string name)
    {
        RunSummary first = Run(name);
        Judge(first);
        Run(name).Fingerprint.ShouldBe(first.Fingerprint);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ALessonHoldsOnSeveralCoresAndIsReplayed(string name)
    {
        ParallelHost? host = null;
        RunSummary run = Run(name, options => host = new ParallelHost(new ParallelHostOptions(options) { Workers = 2, Clock = TimeProvider.System }));
        Judge(run);
        ParallelRecord record = ParallelRecord.Decode(host!.TakeRecord().Encode());
        Run(name, options => new ReplayHost(record, new ReplayOptions(options))).Fingerprint.ShouldBe(run.Fingerprint);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ALessonBeginsWithAPageOfWords(string name)
    {
        string[] comment = [.. File.ReadLines(RepositoryFiles.PathOf("config", "scenarios", name + ".yaml")).TakeWhile(line => line.StartsWith('#'))];
        comment.Length.ShouldBeGreaterThanOrEqualTo(5);
        comment[0].ShouldContain(": ");
    }

    private static RunSummary Run(string name, Func<HostOptions, IHost>? hostOf = null)
    {
        using Scenario scenario = Runs.Named(name);
        var recorder = new RunRecorder(new RunPlan(scenario), "00000000000000000000000000", TimeProvider.System, hostOf);
        recorder.Run(CancellationToken.None);
        return recorder.Summarize();
    }

    private static void Judge(RunSummary run)
    {
        run.Violations.ShouldBeEmpty();
        run.End.ShouldBe(RunEnd.Finished);
        run.Expectations.Count.ShouldBeGreaterThan(1);
        run.Expectations.Where(expectation => !expectation.Held).Select(expectation => $"{expectation.Text}: {expectation.Found}").ShouldBeEmpty();
        run.Lesson.ShouldNotBeEmpty();
        run.Lesson.ShouldAllBe(sentence => !sentence.Contains('{'), "every metric that a lesson names is one");
        foreach (ShownView shown in run.Shown)
        {
            shown.Answer.Text().Split('\n').Length.ShouldBeGreaterThan(3, shown.Question);
        }
    }
}
