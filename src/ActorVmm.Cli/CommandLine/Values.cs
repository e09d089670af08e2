using System.Globalization;
using ActorVmm.Actors;

namespace ActorVmm.Cli.CommandLine;

/// <summary>How the texts of flags are read. Each throws a <see cref="FormatException"/> that says what was expected.</summary>
internal static class Values
{
    private static readonly (string Unit, long Nanoseconds)[] _units =
        [("ns", 1), ("us", 1_000), ("µs", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000)];

    public static string Text(string text) =>
        text.Length > 0 ? text : throw new FormatException("expected some text");

    public static ulong Seed(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed)
            ? seed
            : throw new FormatException("expected a whole number from 0 to 18446744073709551615");

    public static Func<string, int> Number(int least, int most = int.MaxValue) => text =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most
            ? number
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"expected a whole number from {least} to {most}"));

    public static double Factor(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double factor) && factor > 0
            ? factor
            : throw new FormatException("expected a number above 0");

    /// <summary>A span of time with its unit, such as 10s or 1.5ms.</summary>
    public static Ticks Duration(string text)
    {
        int digits = text.AsSpan().LastIndexOfAnyInRange('0', '9') + 1;
        (_, long nanoseconds) = Array.Find(_units, unit => text.AsSpan(digits).SequenceEqual(unit.Unit));
        if (nanoseconds == 0
            || !decimal.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal count)
            || count > decimal.Divide(long.MaxValue, nanoseconds))
        {
            throw new FormatException("expected a time with its unit, such as 500ms, 10s or 5m");
        }

        return new Ticks((long)(count * nanoseconds));
    }

    public static Func<string, T> OneOf<T>(IReadOnlyList<(string Name, T Value)> names) => text =>
    {
        foreach ((string name, T value) in names)
        {
            if (string.Equals(name, text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        throw new FormatException("expected " + Spelling.List(names.Select(name => name.Name)));
    };

    public static Func<string, string> OneOf(params string[] names) => OneOf<string>([.. names.Select(name => (name, name))]);
}
