using System.Security.Cryptography;

namespace ActorVmm.Machine;

/// <summary>Names of runs: 26 characters of Crockford's base 32, the first ten the time, so that runs sort by when they began.</summary>
public static class RunId
{
    private const string Digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int TimeDigits = 10;
    private const int Length = 26;

    public static string New(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return Of(clock.GetUtcNow().ToUnixTimeMilliseconds(), RandomNumberGenerator.GetBytes(Length - TimeDigits));
    }

    /// <summary>The id of a time and 16 random bytes, of which five bits each are used.</summary>
    internal static string Of(long milliseconds, ReadOnlySpan<byte> random)
    {
        Span<char> id = stackalloc char[Length];
        for (int i = 0; i < TimeDigits; i++)
        {
            id[i] = Digits[(int)((milliseconds >> (5 * (TimeDigits - 1 - i))) & 31)];
        }

        for (int i = TimeDigits; i < Length; i++)
        {
            id[i] = Digits[random[i - TimeDigits] & 31];
        }

        return new string(id);
    }
}
