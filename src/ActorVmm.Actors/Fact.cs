using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorVmm.Actors;

/// <summary>
/// Something that happened in a turn. Facts are for people, specifications, pictures and counters; no actor ever reads one.
/// Same shape and rules as a message.
/// </summary>
public interface IFact
{
    /// <summary>The number of this fact, unique among all facts and never reused.</summary>
    static abstract int Kind { get; }
}

/// <summary>Every fact as listeners see it: a kind number and a body of 32 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Fact
{
    public const int BodySize = 32;

    public readonly int Kind;
    private readonly int _unused;
    private readonly Body _body;

    private Fact(int kind, in Body body)
    {
        Kind = kind;
        _unused = 0;
        _body = body;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Fact Of<T>(in T fact)
        where T : unmanaged, IFact
    {
        Unsafe.SkipInit(out Body body);
        WordLayout<T>.Write(ref Unsafe.As<Body, byte>(ref body), in fact);
        return new Fact(T.Kind, body);
    }

    /// <summary>Makes a fact in place, without a copy whose wide load would wait for the narrow stores before it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Put<T>(ref Fact into, in T fact)
        where T : unmanaged, IFact
    {
        Unsafe.AsRef(in into.Kind) = T.Kind;
        WordLayout<T>.Write(ref Unsafe.As<Body, byte>(ref Unsafe.AsRef(in into._body)), in fact);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Is<T>()
        where T : unmanaged, IFact => Kind == T.Kind;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read<T>()
        where T : unmanaged, IFact =>
        Kind == T.Kind
            ? Unsafe.ReadUnaligned<T>(ref Unsafe.As<Body, byte>(ref Unsafe.AsRef(in _body)))
            : throw new InvalidOperationException(FormattableString.Invariant($"fact of kind {Kind} read as {typeof(T).Name}"));

    /// <summary>Reads the fact as <typeparamref name="T"/> when that is what it is.</summary>
    public bool TryRead<T>(out T fact)
        where T : unmanaged, IFact
    {
        if (Kind != T.Kind)
        {
            fact = default;
            return false;
        }

        fact = Unsafe.ReadUnaligned<T>(ref Unsafe.As<Body, byte>(ref Unsafe.AsRef(in _body)));
        return true;
    }

    /// <summary>The body's bytes, for codecs that write them field by field.</summary>
    public static ReadOnlySpan<byte> BodyOf(in Fact fact) => MemoryMarshal.AsBytes(new ReadOnlySpan<Body>(in fact._body));

    [InlineArray(4)]
    private struct Body
    {
        private ulong _word;
    }
}

/// <summary>Hears what happened, after each turn that stated at least one fact, in the order of the turns of one host.</summary>
public interface IFactListener
{
    /// <param name="turn">Who took the turn, when, and which turn of the run it was.</param>
    /// <param name="facts">What it stated, in order; valid only during the call.</param>
    void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts);
}

/// <summary>Which turn some facts belong to.</summary>
/// <param name="Actor">Whose turn it was.</param>
/// <param name="Now">The virtual time at its start.</param>
/// <param name="Number">The number of the turn in the host's order, from 1.</param>
public readonly record struct TurnStamp(ActorId Actor, Ticks Now, long Number)
{
    /// <summary>The actor's rolling hash over the inputs of all its turns, this one included.</summary>
    public ulong Chain { get; init; }
}
