using ActorVmm.Actors;

namespace ActorVmm.Kernel.Tests;

/// <summary>Numbers that look random and are the same for the same seed, on every system.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = Mix.Spread(seed);

    public ulong Next() => Mix.Spread(unchecked(_state += 0x9E37_79B9_7F4A_7C15));

    /// <summary>0 to <paramref name="sides"/> − 1.</summary>
    public int Roll(int sides) => (int)(Next() >> 33) % sides;

    public int Between(int least, int most) => least + Roll(most - least + 1);

    public bool OneIn(int chances) => Roll(chances) == 0;
}
