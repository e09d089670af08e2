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
}
