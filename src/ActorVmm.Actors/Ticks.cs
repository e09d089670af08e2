namespace ActorVmm.Actors;

/// <summary>
/// Virtual time: one tick is one nanosecond of the simulated machine, counted from its start. Also used for spans of it.
/// Virtual time has no relation to the wall clock; hosts decide how it advances.
/// </summary>
public readonly record struct Ticks(long Value) : IComparable<Ticks>
{
    public static readonly Ticks Zero;
    public static readonly Ticks Never = new(long.MaxValue);

    public static Ticks FromNanoseconds(long value) => new(value);

    public static Ticks FromMicroseconds(long value) => new(checked(value * 1_000));

    public static Ticks FromMilliseconds(long value) => new(checked(value * 1_000_000));

    public static Ticks FromSeconds(long value) => new(checked(value * 1_000_000_000));

    public static Ticks operator +(Ticks left, Ticks right) => new(checked(left.Value + right.Value));

    public static Ticks operator -(Ticks left, Ticks right) => new(checked(left.Value - right.Value));

    public static Ticks operator *(Ticks span, long times) => new(checked(span.Value * times));

    public static bool operator <(Ticks left, Ticks right) => left.Value < right.Value;

    public static bool operator >(Ticks left, Ticks right) => left.Value > right.Value;

    public static bool operator <=(Ticks left, Ticks right) => left.Value <= right.Value;

    public static bool operator >=(Ticks left, Ticks right) => left.Value >= right.Value;

    public int CompareTo(Ticks other) => Value.CompareTo(other.Value);

    public override string ToString() => FormattableString.Invariant($"{Value} ns");
}
