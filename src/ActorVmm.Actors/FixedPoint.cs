using System.Numerics;

namespace ActorVmm.Actors;

/// <summary>
/// Logarithm, power, square root and cosine by integer arithmetic and tables, the same on every system. Qn is a number times
/// 2^n. Tables are built once from square roots and series, with integers too.
/// </summary>
internal static class FixedPoint
{
    /// <summary>Fraction bits of logarithms.</summary>
    public const int LogShift = 57;

    private const ulong One63 = 1UL << 63;

    /// <summary>log₂ e in Q63.</summary>
    private const ulong Log2E = 0xB8AA_3B29_5C17_F0BC;

    /// <summary>ln 2 in Q64.</summary>
    private const ulong Ln2 = 0xB172_17F7_D1CF_79AC;

    /// <summary>π / 2 in Q60.</summary>
    private const long HalfPi = 0x1921_FB54_442D_1847;

    private const int QuarterLength = 1024;

    // Powers: 2^x for x made of bits 63 to 56, 55 to 48, 47 to 40 of the fraction, in Q63.
    private static readonly ulong[][] _powers = Powers();

    // Logarithms: a factor just large enough to bring the number to within 2^-8, 2^-16, 2^-24 above one (Q63), and what that
    // factor takes from the logarithm.
    private static readonly (ulong Factor, ulong Log)[][] _factors = Factors();

    private static readonly int[] _quarter = Quarter();

    /// <summary>log₂ of a positive number, Q57, exact to about 2^-55.</summary>
    public static ulong Log2(ulong value)
    {
        int zeros = BitOperations.LeadingZeroCount(value);
        ulong log = (ulong)(63 - zeros) << LogShift;
        ulong m = value << zeros;
        for (int stage = 0; stage < 3; stage++)
        {
            (ulong factor, ulong taken) = _factors[stage][(int)(m >> (55 - (8 * stage))) & 0xFF];
            m = Multiply63(m, factor);
            log += taken;
        }

        ulong y = m & (One63 - 1);
        ulong series = y - (ulong)(((UInt128)y * y) >> 64);
        return log + (ulong)(((UInt128)series * Log2E) >> (126 - LogShift));
    }

    /// <summary>Natural logarithm of 2^64 / (bits with its lowest bit set), Q57: minus the logarithm of a uniform number below one.</summary>
    public static ulong MinusLogOfUniform(ulong bits) => Math.BigMul(MinusLog2OfUniform(bits), Ln2, out _);

    /// <summary>The same to base two: 0 to 64, Q57.</summary>
    public static ulong MinusLog2OfUniform(ulong bits)
    {
        // Just below one the table's last bits may carry the logarithm past 64.
        const ulong Most = 64UL << LogShift;
        return Most - Math.Min(Most, Log2(bits | 1));
    }

    /// <summary>2^x as a mantissa from 1 to 2 in Q63, for a fraction x in Q64.</summary>
    public static ulong Exp2(ulong fraction)
    {
        ulong power = Multiply63(
            Multiply63(_powers[0][fraction >> 56], _powers[1][(fraction >> 48) & 0xFF]),
            _powers[2][(fraction >> 40) & 0xFF]);

        // What is left is below 2^-24: two terms of the series. In Q64: x ln 2, and half its square.
        ulong rest = Math.BigMul(fraction & ((1UL << 40) - 1), Ln2, out _);
        rest += Math.BigMul(rest, rest, out _) >> 1;
        return power + Math.BigMul(power, rest, out _);
    }

    /// <summary>value × 2^exponent for an exponent in Q57, rounded; <see cref="long.MaxValue"/> when it is more than that.</summary>
    public static long Scale(long value, UInt128 exponent)
    {
        UInt128 whole = exponent >> LogShift;
        if (whole > 63)
        {
            return value == 0 ? 0 : long.MaxValue;
        }

        ulong mantissa = Exp2((ulong)exponent << (64 - LogShift));
        UInt128 product = (UInt128)(ulong)value * mantissa;
        int shift = 63 - (int)whole;
        UInt128 scaled = shift == 0 ? product : (product + (UInt128.One << (shift - 1))) >> shift;
        return scaled > long.MaxValue ? long.MaxValue : (long)scaled;
    }

    /// <summary>Largest whole number whose square is at most <paramref name="value"/>.</summary>
    public static ulong SquareRoot(UInt128 value)
    {
        if (value == 0)
        {
            return 0;
        }

        // From above: each step of Newton's falls until it stands.
        UInt128 root = UInt128.One << ((129 - (int)UInt128.LeadingZeroCount(value)) / 2);
        while (true)
        {
            UInt128 next = (root + (value / root)) >> 1;
            if (next >= root)
            {
                return (ulong)root;
            }

            root = next;
        }
    }

    /// <summary>Cosine of a whole turn's fraction (Q64), Q30, exact to about 3·10⁻⁷.</summary>
    public static long Cosine(ulong turn)
    {
        // The four quarters mirror one another.
        uint quarter = (uint)(turn >> 62);
        ulong within = turn << 2;
        if ((quarter & 1) != 0)
        {
            within = ~within;
        }

        int index = (int)(within >> 54);
        long part = (long)((within >> 24) & ((1UL << 30) - 1));
        long left = _quarter[index];
        long cosine = left + (((_quarter[index + 1] - left) * part) >> 30);
        return quarter is 1 or 2 ? -cosine : cosine;
    }

    private static ulong Multiply63(ulong left, ulong right) => (ulong)(((UInt128)left * right) >> 63);

    private static ulong[][] Powers()
    {
        // roots[k] = 2^(2^-(k+1)), each the square root of the one before.
        var roots = new ulong[24];
        UInt128 previous = UInt128.One << 64;
        for (int k = 0; k < roots.Length; k++)
        {
            roots[k] = SquareRoot(previous << 63);
            previous = roots[k];
        }

        var powers = new ulong[3][];
        for (int stage = 0; stage < powers.Length; stage++)
        {
            powers[stage] = new ulong[256];
            for (int i = 0; i < 256; i++)
            {
                ulong power = One63;
                for (int bit = 0; bit < 8; bit++)
                {
                    power = (i & (0x80 >> bit)) != 0 ? Multiply63(power, roots[(8 * stage) + bit]) : power;
                }

                powers[stage][i] = power;
            }
        }

        return powers;
    }

    private static (ulong Factor, ulong Log)[][] Factors()
    {
        var factors = new (ulong, ulong)[3][];
        for (int stage = 0; stage < factors.Length; stage++)
        {
            factors[stage] = new (ulong, ulong)[256];
            factors[stage][0] = (One63, 0);
            for (int i = 1; i < 256; i++)
            {
                UInt128 divisor = One63 + ((ulong)i << (55 - (8 * stage)));
                ulong factor = (ulong)(((UInt128.One << 126) + divisor - 1) / divisor);
                factors[stage][i] = (factor, (1UL << LogShift) - SlowLog2(factor << 1));
            }
        }

        return factors;
    }

    /// <summary>log₂ of a mantissa from 1 to 2 in Q63, bit by bit by squaring; Q57.</summary>
    private static ulong SlowLog2(ulong mantissa)
    {
        ulong log = 0;
        UInt128 x = mantissa;
        for (int bit = 0; bit < LogShift; bit++)
        {
            x = (x * x) >> 63;
            log <<= 1;
            if (x >> 64 != 0)
            {
                x >>= 1;
                log |= 1;
            }
        }

        return log;
    }

    private static int[] Quarter()
    {
        var cosines = new int[QuarterLength + 1];
        for (int i = 0; i <= QuarterLength; i++)
        {
            // 1 − x²/2! + x⁴/4! − …, in Q60.
            Int128 x = (Int128)HalfPi * i / QuarterLength;
            Int128 square = (x * x) >> 60;
            Int128 term = Int128.One << 60;
            Int128 sum = term;
            for (int n = 2; n <= 30; n += 2)
            {
                term = -((term * square) >> 60) / (n * (n - 1));
                sum += term;
            }

            cosines[i] = (int)((sum + (1L << 29)) >> 30);
        }

        return cosines;
    }
}
