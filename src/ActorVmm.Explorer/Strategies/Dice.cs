namespace ActorVmm.Explorer.Strategies;

/// <summary>Random numbers of one execution: they depend on the seed and the execution's number alone.</summary>
internal struct Dice
{
    private ulong _state;

    public Dice(ulong seed, long execution) => _state = Mix.Fold(Mix.Spread(seed), unchecked((ulong)execution));

    public ulong Next() => Mix.Spread(_state = unchecked(_state + 0x9E37_79B9_7F4A_7C15));

    /// <summary>From 0 to <paramref name="count"/> − 1, all alike to within 2⁻³².</summary>
    public int Below(int count) => unchecked((int)Math.BigMul(Next(), (ulong)(uint)count, out _));
}
