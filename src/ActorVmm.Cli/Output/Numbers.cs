using System.Globalization;
using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Cli.Output;

/// <summary>Numbers for people: the same text in every culture.</summary>
internal static class Numbers
{
    public static string Count(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(ulong value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A count and what is counted: 1 process, 2 processes.</summary>
    public static string Count(long value, string one, string? many = null) => Count(value) + " " + (value == 1 ? one : many ?? one + "s");

    /// <summary>Pages as bytes, in the unit that fits.</summary>
    public static string Bytes(double pages)
    {
        double bytes = pages * PageSize.Bytes;
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];
        int unit = 0;
        while (bytes >= 1024 && unit < units.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return bytes.ToString(bytes < 10 && unit > 0 ? "0.0" : "0", CultureInfo.InvariantCulture) + " " + units[unit];
    }

    public static string Percent(double part, double whole) =>
        whole <= 0 ? "" : (100 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    /// <summary>A span of virtual time, in the unit that fits.</summary>
    public static string Time(Ticks time)
    {
        (double value, string unit) = time.Value switch
        {
            < 1_000 => ((double)time.Value, "ns"),
            < 1_000_000 => (time.Value / 1e3, "µs"),
            < 1_000_000_000 => (time.Value / 1e6, "ms"),
            _ => (time.Value / 1e9, "s"),
        };
        return value.ToString(value < 100 ? "0.##" : "0.#", CultureInfo.InvariantCulture) + " " + unit;
    }

    public static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture) + " s";
}
