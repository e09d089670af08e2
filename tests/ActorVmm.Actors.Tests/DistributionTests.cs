namespace ActorVmm.Actors.Tests;

public sealed class DistributionTests
{
    private const int Samples = 200_000;

    [Fact]
    public void ExponentialHasItsMomentsAndQuantiles()
    {
        long[] sorted = Sorted(Distribution.Exponential(1_000_000));

        Mean(sorted).ShouldBe(1_000_000, 10_000);
        Deviation(sorted).ShouldBe(1_000_000, 15_000);
        foreach (double p in new[] { 0.01, 0.1, 0.5, 0.9, 0.99, 0.999 })
        {
            Quantile(sorted, p).ShouldBe(-Math.Log(1 - p) * 1_000_000, Math.Max(3_000, -Math.Log(1 - p) * 60_000));
        }
    }

    [Theory]
    [InlineData(0x8000_0000_0000_0000UL, 0.5)]
    [InlineData(0x4000_0000_0000_0000UL, 0.25)]
    [InlineData(0x0000_0000_0000_0001UL, 5.421010862427522e-20)]
    [InlineData(0xFFFF_FFFF_FFFF_FFFFUL, 1.0)]
    [InlineData(0x1234_5678_9ABC_DEF1UL, 0.07111111111111111)]
    public void ExponentialFollowsTheLogarithmIntoItsTail(ulong bits, double uniform) =>
        ((double)Distribution.Exponential(1_000_000_000_000).Sample(bits)).ShouldBe(-Math.Log(uniform) * 1e12, 2.0);

    [Fact]
    public void NormalHasItsMomentsAndQuantiles()
    {
        long[] sorted = Sorted(Distribution.Normal(4_000_000, 1_000_000));

        Mean(sorted).ShouldBe(4_000_000, 10_000);
        Deviation(sorted).ShouldBe(1_000_000, 10_000);
        (double P, double Z)[] table = [(0.0013499, -3), (0.0227501, -2), (0.1586553, -1), (0.5, 0), (0.8413447, 1), (0.9772499, 2), (0.9986501, 3)];
        foreach ((double p, double z) in table)
        {
            Quantile(sorted, p).ShouldBe(4_000_000 + (z * 1_000_000), 80_000);
        }
    }

    [Fact]
    public void NormalIsCutOffAtZeroAndStillACurve()
    {
        // Half a bell: mean σ √(2/π).
        long[] sorted = Sorted(Distribution.Normal(0, 1_000_000));

        sorted[0].ShouldBeGreaterThanOrEqualTo(0);
        Mean(sorted).ShouldBe(797_885, 8_000);
        Quantile(sorted, 0.5).ShouldBe(674_490, 8_000);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("3")]
    [InlineData("0.5")]
    public void ParetoHasItsQuantiles(string shape)
    {
        double alpha = double.Parse(shape, System.Globalization.CultureInfo.InvariantCulture);
        long[] sorted = Sorted(Distribution.Pareto(1_000_000, (decimal)alpha));

        sorted[0].ShouldBeGreaterThanOrEqualTo(1_000_000);
        foreach (double p in new[] { 0.1, 0.5, 0.9, 0.99 })
        {
            double theory = 1_000_000 * Math.Pow(1 - p, -1 / alpha);
            Quantile(sorted, p).ShouldBe(theory, theory * (p > 0.9 ? 0.08 : 0.025));
        }
    }

    [Fact]
    public void ParetoStopsAtTheLargestNumber() =>
        Distribution.Pareto(1_000_000, 0.1m).Sample(1).ShouldBe(long.MaxValue);

    [Theory]
    [InlineData(1, 1.0)]
    [InlineData(10, 0.0)]
    [InlineData(100, 0.99)]
    [InlineData(1_000, 1.5)]
    [InlineData(100_000, 0.99)]
    [InlineData(1_000_000, 0.7)]
    [InlineData(1_000_000, 2.0)]
    public void ZipfHasItsDistributionFunction(int items, double exponent)
    {
        long[] sorted = Sorted(Distribution.Zipf(items, (decimal)exponent));
        sorted[0].ShouldBeGreaterThanOrEqualTo(0);
        sorted[^1].ShouldBeLessThan(items);

        double total = Weights(items, exponent).Sum();
        double below = 0;
        double furthest = 0;
        int at = 0;
        int rank = 0;
        foreach (double weight in Weights(items, exponent))
        {
            below += weight / total;
            while (at < sorted.Length && sorted[at] <= rank)
            {
                at++;
            }

            furthest = Math.Max(furthest, Math.Abs(below - ((double)at / sorted.Length)));
            rank++;
        }

        // Kolmogorov and Smirnov: 1.95 / √n is passed by chance once in a thousand.
        furthest.ShouldBeLessThan(1.95 / Math.Sqrt(Samples));
    }

    [Fact]
    public void ZipfCoversFourBillionItems()
    {
        long[] sorted = Sorted(Distribution.Zipf(1L << 32, 0.99m));
        double total = 0;
        for (int octave = 0; octave < 32; octave++)
        {
            total += (Math.Pow(Math.Pow(2, octave + 1) - 0.5, 0.01) - Math.Pow(Math.Pow(2, octave) - 0.5, 0.01)) / 0.01;
        }

        double upTo = (Math.Pow((1 << 20) - 0.5, 0.01) - Math.Pow(0.5, 0.01)) / 0.01 / total;
        ((double)sorted.Count(rank => rank + 1 < 1 << 20) / Samples).ShouldBe(upTo, 0.01);
        sorted[^1].ShouldBeGreaterThan(1L << 31);
    }

    [Fact]
    public void LogarithmAndPowerAreEachOthersInverse()
    {
        for (ulong i = 1; i < 20_000; i++)
        {
            ulong value = Mix.Spread(i) >> (int)(i % 63);
            ulong log = FixedPoint.Log2(value | 1);
            (log / (double)(1UL << FixedPoint.LogShift)).ShouldBe(Math.Log2(value | 1), 1e-13);
            ulong mantissa = FixedPoint.Exp2(log << (64 - FixedPoint.LogShift));
            (mantissa / (double)(1UL << 63)).ShouldBe((value | 1) / Math.Pow(2, Math.Floor(log / (double)(1UL << FixedPoint.LogShift))), 1e-13);
        }
    }

    [Fact]
    public void SamplesArePinned()
    {
        Distribution[] all =
        [
            Distribution.Constant(7),
            Distribution.Uniform(-5, 1_000),
            Distribution.Normal(4_000_000, 1_000_000),
            Distribution.Exponential(50_000_000),
            Distribution.Pareto(1_000_000, 1.5m),
            Distribution.Zipf(100_000, 0.99m),
            Distribution.Zipf(1L << 40, 1.2m),
        ];

        string.Join('\n', all.Select(d => string.Join(' ', Enumerable.Range(1, 8).Select(i => d.Sample(Mix.Spread((ulong)i)))))).ShouldBe(
            """
            7 7 7 7 7 7 7 7
            564 589 109 429 384 739 387 617
            3279165 3200970 3836546 3090798 5367312 3808534 3755585 3897664
            28408476 26280914 108819503 42029508 47496507 15067620 47102259 24022530
            1460501 1419653 4267067 1751361 1883792 1222504 1873916 1377542
            2250 2891 0 724 3 10457 485 3591
            1 43720639 281 816126 255957 5 277378 86261338
            """);
    }

    [Fact]
    public void NonsenseIsRefused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Distribution.Uniform(2, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Distribution.Normal(-1, 1));
        Should.Throw<ArgumentOutOfRangeException>(() => Distribution.Exponential(-1));
        Should.Throw<ArgumentOutOfRangeException>(() => Distribution.Pareto(1, 0));
        Should.Throw<ArgumentOutOfRangeException>(() => Distribution.Zipf(0, 1));
    }

    private static IEnumerable<double> Weights(int items, double exponent) =>
        Enumerable.Range(1, items).Select(rank => Math.Pow(rank, -exponent));

    private static long[] Sorted(Distribution distribution) =>
        [.. Enumerable.Range(0, Samples).Select(i => distribution.Sample(Mix.Spread((ulong)i * 0x9E37_79B9UL))).Order()];

    private static double Quantile(long[] sorted, double p) => sorted[(int)(p * sorted.Length)];

    private static double Mean(long[] values) => values.Average();

    private static double Deviation(long[] values)
    {
        double mean = Mean(values);
        return Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));
    }
}
