using System.Globalization;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>
/// Distributions as scenarios write them: `const(4ms) uniform(1ms, 3ms) normal(4ms, 1ms) exp(50ms) pareto(1ms, 1.5)`, and a
/// plain time for a constant. `zipf(s)` is an order of pages, not a time: see the patterns of touch.
/// </summary>
internal static class DistributionText
{
    public const string Forms = "const(4ms), uniform(1ms, 3ms), normal(4ms, 1ms), exp(50ms), pareto(1ms, 1.5) or zipf(8, 0.99, 1ms)";

    /// <summary>A distribution of times in ticks; the reason when the text is none.</summary>
    public static string? TryParse(string text, out Distribution distribution)
    {
        distribution = Distribution.Constant(0);
        if (!TryCall(text, out string name, out string[] arguments))
        {
            string? notTime = Quantity.TryTime(text, out long constant);
            distribution = Distribution.Constant(constant);
            return notTime is null ? null : $"{notTime}, or a distribution: {Forms}";
        }

        switch (name, arguments.Length)
        {
            case ("const", 1):
                return Times(arguments, 1, out long[] times) ?? Take(Distribution.Constant(times[0]), out distribution);
            case ("exp", 1):
                return Times(arguments, 1, out times) ?? Take(Distribution.Exponential(times[0]), out distribution);
            case ("normal", 2):
                return Times(arguments, 2, out times) ?? Take(Distribution.Normal(times[0], times[1]), out distribution);
            case ("uniform", 2):
                return Times(arguments, 2, out times)
                    ?? (times[0] > times[1] ? "the lower end of uniform comes first" : Take(Distribution.Uniform(times[0], times[1]), out distribution));
            case ("pareto", 2):
                return Times(arguments, 1, out times)
                    ?? (Quantity.TryNumber(arguments[1], out decimal shape) && shape is >= 0.01m and <= 1000
                        ? Take(Distribution.Pareto(times[0], shape), out distribution)
                        : "the shape of pareto is a number from 0.01 to 1000");
            case ("zipf", 3):
                return Times(arguments[2..], 1, out times)
                    ?? (long.TryParse(arguments[0], NumberStyles.None, CultureInfo.InvariantCulture, out long items) && items is >= 1 and <= 1_000_000
                        && Quantity.TryNumber(arguments[1], out decimal exponent) && exponent is >= 0 and <= 64
                        && times[0] <= (long)Operation.MaxArgument / items
                            ? Take(new Multiples(Distribution.Zipf(items, exponent), times[0]), out distribution)
                            : "zipf of times takes 1 to 1,000,000 items, an exponent from 0 to 64, and the time of one: zipf(8, 0.99, 1ms)");
            default:
                return $"`{InputException.Clip(text)}` is no distribution of times: {Forms}";
        }
    }

    /// <summary>Splits `name(a, b)`.</summary>
    public static bool TryCall(string text, out string name, out string[] arguments)
    {
        text = text.Trim();
        int open = text.IndexOf('(', StringComparison.Ordinal);
        bool call = open > 0 && text.EndsWith(')');
        name = call ? text[..open].Trim().ToLowerInvariant() : text.ToLowerInvariant();
        arguments = call ? text[(open + 1)..^1].Split(',', StringSplitOptions.TrimEntries) : [];
        return call;
    }

    private static string? Take(Distribution value, out Distribution distribution)
    {
        distribution = value;
        return null;
    }

    private static string? Times(string[] arguments, int count, out long[] times)
    {
        times = new long[count];
        for (int i = 0; i < count; i++)
        {
            if (Quantity.TryTime(arguments[i], out times[i]) is { } wrong)
            {
                return wrong;
            }
        }

        return null;
    }

    /// <summary>One more than the rank, times a unit.</summary>
    private sealed class Multiples(Distribution ranks, long unit) : Distribution
    {
        public override long Sample(ulong bits) => (ranks.Sample(bits) + 1) * unit;
    }
}
