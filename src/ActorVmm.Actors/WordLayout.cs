using System.Reflection;
using System.Runtime.CompilerServices;

namespace ActorVmm.Actors;

/// <summary>
/// How a word, a message or a fact, lies in its body of 32 bytes: its fields first, zeros behind them. Bodies are hashed as they are, so
/// every byte of one has to be set.
/// </summary>
internal static class WordLayout<T>
    where T : unmanaged
{
    private const int BodySize = Message.BodySize;

    /// <summary>A struct without fields still takes a byte, and nothing says what is in it.</summary>
    private static readonly bool _isEmpty = typeof(T).GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length == 0;

    /// <summary>Writes a word over whatever was in a body.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(ref byte body, in T word)
    {
        if (_isEmpty)
        {
            Unsafe.InitBlockUnaligned(ref body, 0, BodySize);
            return;
        }

        Unsafe.WriteUnaligned(ref body, word);
        if (Unsafe.SizeOf<T>() < BodySize)
        {
            Unsafe.InitBlockUnaligned(ref Unsafe.Add(ref body, Unsafe.SizeOf<T>()), 0, (uint)(BodySize - Unsafe.SizeOf<T>()));
        }
    }
}
