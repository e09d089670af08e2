using ActorVmm.Machine.Metrics;

namespace ActorVmm.Machine.Tests.Metrics;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void WithoutAnyItIsZero() => new LatencyHistogram().Percentile(990).ShouldBe(Ticks.Zero);

    [Fact]
    public void SmallOnesAreExact()
    {
        var histogram = new LatencyHistogram();
        for (int i = 1; i <= 100; i++)
        {
            histogram.Add(new Ticks(i));
        }

        histogram.Count.ShouldBe(100);
        histogram.Percentile(500).Value.ShouldBe(50);
        histogram.Percentile(10).Value.ShouldBe(1);
        histogram.Percentile(1_000).Value.ShouldBe(100);
        histogram.Longest.Value.ShouldBe(100);
    }

    [Fact]
    public void LargeOnesAreNeverTooLowAndAtMostASixtyFourthTooHigh()
    {
        var random = new Random(7);
        for (int round = 0; round < 200; round++)
        {
            var histogram = new LatencyHistogram();
            long[] values = [.. Enumerable.Range(0, 1 + random.Next(50)).Select(_ => random.NextInt64(1L << random.Next(1, 63)))];
            Array.ForEach(values, value => histogram.Add(new Ticks(value)));
            Array.Sort(values);
            foreach (int perThousand in new[] { 1, 500, 900, 990, 999, 1_000 })
            {
                long exact = values[(int)Math.Ceiling(values.Length * perThousand / 1000.0) - 1];
                long found = histogram.Percentile(perThousand).Value;
                found.ShouldBeGreaterThanOrEqualTo(exact);
                (found - exact).ShouldBeLessThanOrEqualTo(exact / 64);
            }
        }
    }

    [Fact]
    public void TheLongestSpanThereIsFits()
    {
        var histogram = new LatencyHistogram();
        histogram.Add(Ticks.Never);
        histogram.Percentile(990).ShouldBe(Ticks.Never);
    }
}
