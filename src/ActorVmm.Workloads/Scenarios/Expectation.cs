using System.Globalization;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>How the sides of an <see cref="Expectation"/> compare.</summary>
public enum Comparison : byte
{
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

/// <summary>One side: a metric, or a number when the name is null.</summary>
public readonly record struct Operand(string? Metric, double Number);

/// <summary>
/// A line of `expect:`: `hardFaults.p99 &lt; 50ms`, `violations == 0`, `workingSet(db) &gt;= 300 pages at end`. Each side is a
/// metric or a number with or without a unit. All are judged when the run ends; `at end` says so aloud, and tells a working set
/// as it is then from the largest it ever was (`peakWorkingSet`).
/// </summary>
public sealed record Expectation(string Text, Operand Left, Comparison Comparison, Operand Right, bool AtEnd, Place Place)
{
    /// <summary>The metrics it needs.</summary>
    public IEnumerable<string> Metrics => new[] { Left.Metric, Right.Metric }.OfType<string>();

    /// <summary>Whether it held. A metric that the run does not have is not held, and said so.</summary>
    public ExpectationResult Evaluate(IMetrics metrics)
    {
        foreach (string name in Metrics)
        {
            if (!metrics.TryGet(name, out _))
            {
                return new ExpectationResult(this, false, double.NaN, $"the run has no metric `{name}`");
            }
        }

        double left = ValueOf(Left, metrics);
        double right = ValueOf(Right, metrics);
        bool held = Comparison switch
        {
            Comparison.Less => left < right,
            Comparison.LessOrEqual => left <= right,
            Comparison.Greater => left > right,
            Comparison.GreaterOrEqual => left >= right,
            Comparison.Equal => left.CompareTo(right) == 0,
            Comparison.NotEqual => left.CompareTo(right) != 0,
        };
        double observed = Left.Metric is null ? right : left;
        return new ExpectationResult(this, held, observed, string.Create(CultureInfo.InvariantCulture, $"{Metrics.FirstOrDefault()} is {observed}"));
    }

    private static double ValueOf(Operand operand, IMetrics metrics)
    {
        if (operand.Metric is null)
        {
            return operand.Number;
        }

        metrics.TryGet(operand.Metric, out double value);
        return value;
    }
}

/// <summary>An expectation after the run.</summary>
/// <param name="Expectation">What was expected.</param>
/// <param name="Held">Whether it is so.</param>
/// <param name="Observed">The metric's value, NaN when the run has no such metric.</param>
/// <param name="Explanation">The same in words.</param>
public sealed record ExpectationResult(Expectation Expectation, bool Held, double Observed, string Explanation);
