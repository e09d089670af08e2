using System.Runtime.CompilerServices;

namespace ActorVmm.Actors;

/// <summary>
/// The one 64-bit mixing function behind identities, draws, rolling hashes and fingerprints: multiply to 128 bits and fold,
/// with odd constants. The same bits on every system; not meant to resist an adversary.
/// </summary>
public static class Mix
{
    private const ulong First = 0x9E37_79B9_7F4A_7C15;
    private const ulong Second = 0xD1B5_4A32_D192_ED03;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Fold(ulong left, ulong right)
    {
        unchecked
        {
            // The low half is multiplied a second time: taken from BigMul it would make a detour through memory (5 cycles, in a
            // chain that every turn waits for).
            ulong a = left ^ First;
            ulong b = right ^ Second;
            return Math.BigMul(a, b, out _) ^ (a * b) ^ (left + (right << 1));
        }
    }

    /// <summary>A well spread permutation of 64 bits (the finisher of splitmix64).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Spread(ulong value)
    {
        unchecked
        {
            value += First;
            value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
            value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
            return value ^ (value >> 31);
        }
    }
}
