using System.Numerics;
using ActorVmm.Actors;

namespace ActorVmm.Machine.Metrics;

/// <summary>
/// How long things took: counts in buckets of which each is at most 1/64 wider than its lower end, so that memory does not
/// grow with the number of things and a percentile is at most 1.6 % too high, never too low.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int SubBuckets = 1 << SubBits;

    private readonly long[] _counts = new long[(64 - SubBits + 1) * SubBuckets];

    public long Count { get; private set; }

    public Ticks Longest { get; private set; }

    public void Add(Ticks span)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(span.Value);
        _counts[BucketOf(span.Value)]++;
        Count++;
        Longest = span > Longest ? span : Longest;
    }

    /// <summary>The time within which so many in a thousand were done; zero when there were none.</summary>
    /// <param name="perThousand">1 to 1,000: 990 is p99.</param>
    public Ticks Percentile(int perThousand)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(perThousand, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(perThousand, 1_000);
        UInt128 rank = (((UInt128)(ulong)Count * (uint)perThousand) + 999) / 1_000;
        UInt128 seen = 0;
        for (int bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += (ulong)_counts[bucket];
            if (seen >= rank && seen > 0)
            {
                return new Ticks(Math.Min(UpperEnd(bucket), Longest.Value));
            }
        }

        return Ticks.Zero;
    }

    private static int BucketOf(long value)
    {
        int shift = Math.Max(0, 63 - BitOperations.LeadingZeroCount((ulong)value | 1) - SubBits);
        return (shift << SubBits) + (int)(value >> shift);
    }

    private static long UpperEnd(int bucket)
    {
        int shift = Math.Max(0, (bucket >> SubBits) - 1);
        long first = bucket - ((long)shift << SubBits);
        return unchecked(((first + 1) << shift) - 1);
    }
}
