using System.Globalization;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>
/// Numbers with units. Sizes: B, KiB, MiB, GiB, TiB, pages; KB, MB, GB, TB mean the same as with i, as Windows means them.
/// Times: ns, us or µs, ms, s, min. Shares: %. A blank before the unit does not matter.
/// </summary>
internal static class Quantity
{
    private const string SizeUnits = "B, KiB, MiB, GiB, TiB or pages";
    private const string TimeUnits = "ns, us, ms, s or min";

    private static readonly Dictionary<string, decimal> _sizes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["B"] = 1,
        ["KiB"] = 1L << 10,
        ["MiB"] = 1L << 20,
        ["GiB"] = 1L << 30,
        ["TiB"] = 1L << 40,
        ["KB"] = 1L << 10,
        ["MB"] = 1L << 20,
        ["GB"] = 1L << 30,
        ["TB"] = 1L << 40,
        ["page"] = PageSize.Bytes,
        ["pages"] = PageSize.Bytes,
    };

    private static readonly Dictionary<string, decimal> _times = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ns"] = 1,
        ["us"] = 1_000,
        ["µs"] = 1_000,
        ["μs"] = 1_000,
        ["ms"] = 1_000_000,
        ["s"] = 1_000_000_000,
        ["min"] = 60_000_000_000,
    };

    /// <summary>Bytes, at most 2^45 − 1; the reason when it is none.</summary>
    public static string? TrySize(string text, out ulong bytes)
    {
        bytes = 0;
        string? wrong = TryUnits(text, _sizes, "a size", SizeUnits, out decimal value);
        if (wrong is not null)
        {
            return wrong;
        }

        if (value > Operation.MaxArgument)
        {
            return "a size is less than 32 TiB";
        }

        bytes = (ulong)decimal.Ceiling(value);
        return null;
    }

    /// <summary>Nanoseconds.</summary>
    public static string? TryTime(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        string? wrong = TryUnits(text, _times, "a time", TimeUnits, out decimal value);
        if (wrong is not null)
        {
            return wrong;
        }

        if (value > Operation.MaxArgument)
        {
            return "a time is less than 9.7 hours";
        }

        nanoseconds = (long)decimal.Round(value);
        return null;
    }

    /// <summary>A share from 0 to 1.</summary>
    public static string? TryShare(string text, out decimal share)
    {
        share = 0;
        if (!text.EndsWith('%') || !TryNumber(text[..^1].TrimEnd(), out share) || share is < 0 or > 100)
        {
            return $"expected a share from 0% to 100%, not `{InputException.Clip(text)}`";
        }

        share /= 100;
        return null;
    }

    /// <summary>A decimal number without exponent.</summary>
    public static bool TryNumber(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    /// <summary>A number and what follows it.</summary>
    public static (string Number, string Unit) Split(string text)
    {
        int end = text.AsSpan().IndexOfAnyExcept("+-.0123456789");
        return end < 0 ? (text, "") : (text[..end], text[end..].Trim());
    }

    private static string? TryUnits(string text, Dictionary<string, decimal> units, string what, string names, out decimal value)
    {
        (string number, string unit) = Split(text.Trim());
        if (number.Length == 0 || !TryNumber(number, out value))
        {
            value = 0;
            return $"expected {what}, not `{InputException.Clip(text)}`";
        }

        if (value < 0)
        {
            return $"{what} is not negative";
        }

        if (unit.Length == 0)
        {
            return $"{what} needs a unit: {names}";
        }

        if (!units.TryGetValue(unit, out decimal factor))
        {
            return $"`{InputException.Clip(unit)}` is no unit of {what}: {names}";
        }

        value = value > decimal.MaxValue / factor ? decimal.MaxValue : value * factor;
        return null;
    }
}
