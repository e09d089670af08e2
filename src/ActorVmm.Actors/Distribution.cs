namespace ActorVmm.Actors;

/// <summary>
/// A distribution of whole numbers, sampled from 64 random bits by integer arithmetic and tables alone, so that the same bits
/// give the same number on every system.
/// </summary>
public abstract class Distribution
{
    /// <summary>The number that these 64 random bits stand for.</summary>
    public abstract long Sample(ulong bits);

    public static Distribution Constant(long value) => new ConstantDistribution(value);

    /// <summary>Every whole number from <paramref name="low"/> to <paramref name="high"/>, both included, equally likely.</summary>
    public static Distribution Uniform(long low, long high) => new UniformDistribution(low, high);

    /// <summary>The bell curve, without its part below 0: what would fall there is drawn again.</summary>
    /// <param name="mean">Of the whole curve; at least 0.</param>
    /// <param name="deviation">Standard deviation of the whole curve; at least 0.</param>
    public static Distribution Normal(long mean, long deviation) => new NormalDistribution(mean, deviation);

    /// <summary>Times between events that know nothing of each other.</summary>
    /// <param name="mean">At least 0.</param>
    public static Distribution Exponential(long mean) => new ExponentialDistribution(mean);

    /// <summary>A heavy tail: x times larger is x^shape times rarer.</summary>
    /// <param name="minimum">The smallest value; at least 0.</param>
    /// <param name="shape">0.01 to 1000; the mean is infinite up to 1.</param>
    public static Distribution Pareto(long minimum, decimal shape) => new ParetoDistribution(minimum, shape);

    /// <summary>Ranks from 0 to <paramref name="items"/> − 1; rank k has a weight of 1 / (k + 1)^<paramref name="exponent"/>.</summary>
    /// <param name="items">1 to 2^48.</param>
    /// <param name="exponent">0 (all alike) to 64.</param>
    public static Distribution Zipf(long items, decimal exponent) => new ZipfDistribution(items, exponent);

    private sealed class ConstantDistribution(long value) : Distribution
    {
        public override long Sample(ulong bits) => value;
    }

    private sealed class UniformDistribution(long low, long high) : Distribution
    {
        private readonly ulong _width = high >= low
            ? unchecked((ulong)(high - low) + 1)
            : throw new ArgumentOutOfRangeException(nameof(high), high, "the upper end lies below the lower end");

        public override long Sample(ulong bits) =>
            unchecked(low + (long)(_width == 0 ? bits : Math.BigMul(bits, _width, out _)));
    }

    /// <summary>Box and Muller: a radius whose square is exponential, and an angle.</summary>
    private sealed class NormalDistribution : Distribution
    {
        /// <summary>With a mean of at least 0 each try fails with a chance of at most one half.</summary>
        private const int Tries = 64;

        private readonly long _mean;
        private readonly long _deviation;

        public NormalDistribution(long mean, long deviation)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(mean);
            ArgumentOutOfRangeException.ThrowIfNegative(deviation);
            _mean = mean;
            _deviation = deviation;
        }

        public override long Sample(ulong bits)
        {
            for (int i = 0; i < Tries; i++)
            {
                ulong angle = Mix.Spread(bits);

                // Radius² = 2 × minus the logarithm: Q57 read as Q56, its root Q28.
                ulong radius = FixedPoint.SquareRoot(FixedPoint.MinusLogOfUniform(bits));
                Int128 offset = ((Int128)_deviation * (long)radius * FixedPoint.Cosine(angle)) + (Int128.One << 57);
                Int128 value = _mean + (offset >> 58);
                if (value >= 0)
                {
                    return value > long.MaxValue ? long.MaxValue : (long)value;
                }

                bits = Mix.Spread(angle);
            }

            return 0;
        }
    }

    private sealed class ExponentialDistribution : Distribution
    {
        private readonly long _mean;

        public ExponentialDistribution(long mean)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(mean);
            _mean = mean;
        }

        public override long Sample(ulong bits)
        {
            const ulong Half = 1UL << (FixedPoint.LogShift - 1);
            UInt128 value = (((UInt128)(ulong)_mean * FixedPoint.MinusLogOfUniform(bits)) + Half) >> FixedPoint.LogShift;
            return value > long.MaxValue ? long.MaxValue : (long)value;
        }
    }

    private sealed class ParetoDistribution : Distribution
    {
        private const int InverseShift = 32;

        private readonly long _minimum;
        private readonly ulong _inverseShape;

        public ParetoDistribution(long minimum, decimal shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(minimum);
            ArgumentOutOfRangeException.ThrowIfLessThan(shape, 0.01m);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(shape, 1000m);
            _minimum = minimum;
            _inverseShape = (ulong)decimal.Round((1UL << InverseShift) / shape);
        }

        public override long Sample(ulong bits) =>
            FixedPoint.Scale(_minimum, ((UInt128)FixedPoint.MinusLog2OfUniform(bits) * _inverseShape) >> InverseShift);
    }
}
