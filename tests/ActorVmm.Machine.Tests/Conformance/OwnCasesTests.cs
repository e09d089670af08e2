using ActorVmm.Machine.Conformance;
using ActorVmm.Workloads.Conformance;

namespace ActorVmm.Machine.Tests.Conformance;

/// <summary>Cases written from the tables of the fact book, and not from the sample: <c>tests/cases/own.jsonl</c>. All of them pass.</summary>
public sealed class OwnCasesTests
{
    private static readonly string _path = Path.Combine(Sample.Folder, "own.jsonl");
    private static readonly IReadOnlyList<ConformanceCase> _cases = [.. CaseFile.Read(_path)];

    [Fact]
    public void EveryCasePasses()
    {
        var runner = new ConformanceRunner(plan => new ConformanceSession(plan));
        _cases.Select(runner.Run)
            .Where(result => result.Outcome != CaseOutcome.Passed)
            .Select(result => $"{result.Case.Id}, {result.Deciding.Architecture}, step {result.Deciding.Step}: expected {result.Deciding.Expected}, got {result.Deciding.Actual}")
            .ShouldBeEmpty();
    }

    [Fact]
    public void ThereAreManyAndEachSaysWhereItComesFrom()
    {
        _cases.Count.ShouldBeGreaterThanOrEqualTo(100);
        File.ReadLines(_path).ShouldAllBe(line => line.Contains("\"note\": \"fact book ", StringComparison.Ordinal));
    }

    [Fact]
    public void NoneIsInTheSample() => _cases.Select(one => one.Id).Intersect(Sample.Cases.Select(one => one.Id), StringComparer.Ordinal).ShouldBeEmpty();
}
