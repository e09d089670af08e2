using System.Globalization;

namespace ActorVmm.Actors;

/// <summary>
/// A canonical 128-bit summary of a state or of a run. Equal runs have equal fingerprints on every system; unequal ones
/// differ but for a chance of 2⁻¹²⁸ or so. Prints as 32 hexadecimal digits.
/// </summary>
public readonly record struct Fingerprint(ulong High, ulong Low)
{
    /// <summary>
    /// Combines the summaries of parts whose order has no meaning (actors, entries of a table).
    /// </summary>
    public Fingerprint With(Fingerprint part) => unchecked(new(High + part.High, Low + part.Low));

    public override string ToString() =>
        High.ToString("x16", CultureInfo.InvariantCulture) + Low.ToString("x16", CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out Fingerprint fingerprint)
    {
        fingerprint = default;
        if (text is not { Length: 32 }
            || !ulong.TryParse(text.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong high)
            || !ulong.TryParse(text.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong low))
        {
            return false;
        }

        fingerprint = new Fingerprint(high, low);
        return true;
    }
}

/// <summary>Builds a <see cref="Fingerprint"/> from words in order: two chains with different starts.</summary>
public struct FingerprintBuilder
{
    private ulong _high;
    private ulong _low;

    public FingerprintBuilder(ulong salt)
    {
        _high = Mix.Spread(salt);
        _low = Mix.Spread(~salt);
    }

    public void Add(ulong word)
    {
        _high = Mix.Fold(_high, word);
        _low = Mix.Fold(word ^ 0x5851_F42D_4C95_7F2D, _low);
    }

    public readonly Fingerprint Build() => new(Mix.Spread(_high), Mix.Spread(_low));
}
