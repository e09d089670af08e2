using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ActorVmm.Actors;

/// <summary>
/// A word one actor says to another: a small <c>readonly record struct</c> of fixed-width integers without padding, at most
/// <see cref="Message.BodySize"/> bytes. The architecture tests check all of that, so the body's bytes are the same on
/// every system and may be hashed as they are; what is stored is written field by field.
/// </summary>
public interface IMessage
{
    /// <summary>The number of this word, unique among all messages of a machine and never reused: the journal keeps it.</summary>
    static abstract int Kind { get; }
}

/// <summary>
/// Every message as hosts see it: a kind number and a body of 32 bytes. It holds no reference, so mailboxes are flat arrays
/// and a message costs no allocation.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public readonly struct Message
{
    public const int BodySize = 32;

    /// <summary>Keeps small kinds apart from small numbers in a body.</summary>
    private const ulong KindSpread = 0xBF58_476D_1CE4_E5B9;

    public readonly int Kind;
    private readonly int _unused;
    private readonly Body _body;

    private Message(int kind, in Body body)
    {
        Kind = kind;
        _unused = 0;
        _body = body;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Message Of<T>(in T word)
        where T : unmanaged, IMessage
    {
        Unsafe.SkipInit(out Body body);
        WordLayout<T>.Write(ref Unsafe.As<Body, byte>(ref body), in word);
        return new Message(T.Kind, body);
    }

    /// <summary>
    /// Makes a message in place. The same as assigning <see cref="Of"/>, but without a copy, whose wide load would wait for the
    /// narrow stores before it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Put<T>(ref Message into, in T word)
        where T : unmanaged, IMessage
    {
        Unsafe.AsRef(in into.Kind) = T.Kind;
        WordLayout<T>.Write(ref Unsafe.As<Body, byte>(ref Unsafe.AsRef(in into._body)), in word);
    }

    /// <summary>The word itself. The caller has looked at <see cref="Kind"/>; a wrong type is a bug and stops the machine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read<T>()
        where T : unmanaged, IMessage
    {
        if (Kind != T.Kind)
        {
            ThrowWrongKind(Kind, T.Kind, typeof(T).Name);
        }

        return Unsafe.ReadUnaligned<T>(ref Unsafe.As<Body, byte>(ref Unsafe.AsRef(in _body)));
    }

    /// <summary>A rolling hash after this message. The two halves are mixed side by side: every turn waits for the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong HashInto(ulong chain) =>
        Mix.Fold(Mix.Fold(chain ^ _body.A, _body.B), Mix.Fold(_body.C ^ unchecked((ulong)Kind * KindSpread), _body.D));

    /// <summary>The body's bytes, for codecs that write them field by field.</summary>
    public static ReadOnlySpan<byte> BodyOf(in Message message) =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<Body>(in message._body));

    /// <summary>The message whose kind and body were stored.</summary>
    /// <param name="kind">Its kind number.</param>
    /// <param name="body">What <see cref="BodyOf"/> gave.</param>
    public static Message Restore(int kind, ReadOnlySpan<byte> body) => new(kind, in MemoryMarshal.AsRef<Body>(body));

    private static void ThrowWrongKind(int kind, int expected, string name) =>
        throw new InvalidOperationException(FormattableString.Invariant($"message of kind {kind} read as {name} (kind {expected})"));

    [StructLayout(LayoutKind.Sequential)]
    private struct Body
    {
        public ulong A;
        public ulong B;
        public ulong C;
        public ulong D;
    }
}
