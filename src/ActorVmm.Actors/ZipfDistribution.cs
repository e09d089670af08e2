namespace ActorVmm.Actors;

/// <summary>
/// Zipf's law over any number of items from one small table: the first ranks stand alone, the others in 64 steps an octave.
/// A step is chosen by its exact weight (Walker's alias method: one row, one comparison), a rank within it by a straight line
/// through the density, which is off by less than 2·10⁻⁵ there.
/// </summary>
internal sealed class ZipfDistribution : Distribution
{
    private const int AloneShift = 8;
    private const int StepsShift = 6;
    private const long MostItems = 1L << 48;
    private const int ExponentShift = 32;
    private const int WeightShift = 62;

    private readonly Row[] _rows;
    private readonly ulong _exponent;

    public ZipfDistribution(long items, decimal exponent)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(items, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(items, MostItems);
        ArgumentOutOfRangeException.ThrowIfNegative(exponent);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exponent, 64m);
        _exponent = (ulong)decimal.Round(exponent * (1UL << ExponentShift));

        var rows = new List<Row>();
        for (long start = 0; start < items;)
        {
            // Ranks from 2^o on are 2^(o−6) to a step.
            int octave = 63 - (int)long.LeadingZeroCount(start + 1);
            long width = octave < AloneShift ? 1 : Math.Min(1L << (octave - StepsShift), items - start);
            rows.Add(new Row { Start = start, Width = (ulong)width, Tilt = Tilt(start, width) });
            start += width;
        }

        _rows = [.. rows];
        Balance([.. rows.Select(Weight)]);
    }

    public override long Sample(ulong bits)
    {
        // The product's upper half is the row, its lower half a fresh fraction.
        ref Row row = ref _rows[(int)Math.BigMul(bits, (ulong)_rows.Length, out ulong fraction)];
        if (fraction >= row.Threshold)
        {
            row = ref _rows[row.Alias];
        }

        return row.Width == 1 ? row.Start : row.Start + Within(in row, Mix.Spread(bits));
    }

    /// <summary>A rank's offset in its step: v − tilt · v (1 − v), for a uniform v.</summary>
    private static long Within(in Row row, ulong v)
    {
        unchecked
        {
            ulong bow = Math.BigMul(v, ~v, out _);
            return (long)Math.BigMul(v - Math.BigMul(bow, row.Tilt, out _), row.Width, out _);
        }
    }

    /// <summary>Half the relative fall of the density over a step, Q64: exponent · width / (2 · middle).</summary>
    private ulong Tilt(long start, long width)
    {
        UInt128 tilt = ((UInt128)_exponent << (64 - ExponentShift)) * (ulong)width / (((ulong)start * 2) + (ulong)width + 1);
        return tilt > ulong.MaxValue >> 1 ? ulong.MaxValue >> 1 : (ulong)tilt;
    }

    /// <summary>
    /// Sum of rank^−exponent over a step, Q62: the width times the density in the middle, corrected for its curvature.
    /// </summary>
    private UInt128 Weight(Row row)
    {
        // Ranks of the law count from 1; twice the middle of start+1 … start+width.
        ulong twiceMiddle = ((ulong)row.Start * 2) + row.Width + 1;
        UInt128 log = ((UInt128)(FixedPoint.Log2(twiceMiddle) - (1UL << FixedPoint.LogShift)) * _exponent) >> ExponentShift;
        UInt128 whole = log >> FixedPoint.LogShift;
        if (whole >= 126)
        {
            return 0;
        }

        // 2^−log = 2^(1−f) / 2^(whole+1).
        ulong fraction = (ulong)log << (64 - FixedPoint.LogShift);
        UInt128 density = fraction == 0
            ? UInt128.One << 63
            : (UInt128)FixedPoint.Exp2(unchecked(0UL - fraction)) >> 1;
        UInt128 weight = (density * row.Width) >> (int)whole >> (63 - WeightShift);

        // e (e + 1) / 24 · (width² − 1) / middle²: the sum is that much larger than the middle says.
        UInt128 curve = ((((UInt128)row.Width * row.Width) - 1) << 40) / ((UInt128)twiceMiddle * twiceMiddle);
        UInt128 correction = (((UInt128)_exponent * (_exponent + (1UL << ExponentShift))) >> ExponentShift) * curve / 6 >> 40;
        return weight + ((weight >> ExponentShift) * correction);
    }

    /// <summary>Vose's construction of the alias table.</summary>
    private void Balance(UInt128[] weights)
    {
        // Scaled so that an average row weighs 2^64.
        UInt128 total = 0;
        foreach (UInt128 weight in weights)
        {
            total += weight;
        }

        var scaled = new UInt128[weights.Length];
        var light = new Stack<int>();
        var heavy = new Stack<int>();
        UInt128 full = UInt128.One << 64;
        for (int i = 0; i < weights.Length; i++)
        {
            scaled[i] = MultiplyDivide(weights[i], (ulong)weights.Length, total);
            (scaled[i] < full ? light : heavy).Push(i);
        }

        while (light.Count > 0 && heavy.Count > 0)
        {
            int small = light.Pop();
            int large = heavy.Peek();
            _rows[small].Threshold = (ulong)scaled[small];
            _rows[small].Alias = large;
            scaled[large] -= full - scaled[small];
            if (scaled[large] < full)
            {
                light.Push(heavy.Pop());
            }
        }

        // What is left is full but for rounding.
        foreach (int i in light.Concat(heavy))
        {
            _rows[i].Threshold = ulong.MaxValue;
            _rows[i].Alias = i;
        }
    }

    /// <summary>weight × count × 2^64 / total, by long division.</summary>
    private static UInt128 MultiplyDivide(UInt128 weight, ulong count, UInt128 total)
    {
        UInt128 product = weight * count;
        UInt128 quotient = product / total;
        UInt128 rest = product % total;
        for (int bit = 0; bit < 64; bit++)
        {
            rest <<= 1;
            quotient <<= 1;
            if (rest >= total)
            {
                rest -= total;
                quotient |= 1;
            }
        }

        return quotient;
    }

    private struct Row
    {
        public ulong Threshold;
        public long Start;
        public ulong Width;
        public ulong Tilt;
        public int Alias;
    }
}
