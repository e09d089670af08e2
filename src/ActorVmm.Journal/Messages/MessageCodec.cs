using System.Reflection;
using System.Runtime.CompilerServices;

namespace ActorVmm.Journal.Messages;

/// <summary>A number inside a message.</summary>
/// <param name="Name">What it is called; fields of fields with dots.</param>
/// <param name="Width">1, 2, 4 or 8 bytes.</param>
/// <param name="Signed">Whether its highest bit is a sign.</param>
public readonly record struct MessageField(string Name, int Width, bool Signed);

/// <summary>
/// How one kind of message is written: its number, a version, its name, and its fields in order, each little-endian at its own
/// width. That is data: it goes into every stream, and what is in a stream decides how the stream is read.
/// </summary>
/// <param name="Kind">The message's number.</param>
/// <param name="Version">Rises when the fields change.</param>
/// <param name="Name">For people; a type may be renamed, this stays.</param>
/// <param name="Fields">All of them, without gaps between.</param>
public sealed record MessageCodec(int Kind, int Version, string Name, IReadOnlyList<MessageField> Fields)
{
    public int Bytes { get; } = Fields.Sum(field => field.Width);

    /// <summary>A field's value in a message's body.</summary>
    public static ulong Value(ReadOnlySpan<byte> body, int at, int width)
    {
        ulong value = 0;
        for (int i = 0; i < width; i++)
        {
            value |= (ulong)body[at + (BitConverter.IsLittleEndian ? i : width - 1 - i)] << (8 * i);
        }

        return value;
    }

    public static void SetValue(Span<byte> body, int at, int width, ulong value)
    {
        for (int i = 0; i < width; i++)
        {
            body[at + (BitConverter.IsLittleEndian ? i : width - 1 - i)] = unchecked((byte)(value >> (8 * i)));
        }
    }

    /// <summary>
    /// The first field in which two messages of this kind differ, in words; null where they do not.
    /// </summary>
    public string? FirstDifference(in Message recorded, in Message found)
    {
        ReadOnlySpan<byte> left = Message.BodyOf(in recorded);
        ReadOnlySpan<byte> right = Message.BodyOf(in found);
        int at = 0;
        foreach (MessageField field in Fields)
        {
            (ulong was, ulong now) = (Value(left, at, field.Width), Value(right, at, field.Width));
            if (was != now)
            {
                return FormattableString.Invariant($"{Name}.{field.Name} was {was} and is {now}");
            }

            at += field.Width;
        }

        return null;
    }

    /// <summary>
    /// The layout of a message, from its fields in the order in which they are declared. The architecture tests make sure that
    /// there is no gap between them and nothing else in it than whole numbers.
    /// </summary>
    internal static MessageCodec Of<T>(string name, int version)
        where T : unmanaged, IMessage
    {
        var fields = new List<MessageField>();
        Add(fields, "", typeof(T));
        var codec = new MessageCodec(T.Kind, version, name, fields);
        int size = fields.Count == 0 ? 0 : Unsafe.SizeOf<T>();
        Invariant.Holds(codec.Bytes == size, "a message is its fields, one after the other");
        return codec;
    }

    private static void Add(List<MessageField> fields, string path, Type type)
    {
        Type number = type.IsEnum ? Enum.GetUnderlyingType(type) : type;
        if (number.IsPrimitive)
        {
            int width = number == typeof(bool) ? 1 : System.Runtime.InteropServices.Marshal.SizeOf(number);
            bool signed = number == typeof(sbyte) || number == typeof(short) || number == typeof(int) || number == typeof(long);
            fields.Add(new MessageField(path, width, signed));
            return;
        }

        FieldInfo[] parts = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        Array.Sort(parts, (left, right) => left.MetadataToken.CompareTo(right.MetadataToken));
        if (type.GetCustomAttribute<InlineArrayAttribute>() is { } array)
        {
            for (int i = 0; i < array.Length; i++)
            {
                Add(fields, FormattableString.Invariant($"{path}[{i}]"), parts[0].FieldType);
            }

            return;
        }

        foreach (FieldInfo part in parts)
        {
            // A unit is one number and needs no name of its own inside the field that it is the type of.
            string name = part.Name.TrimStart('<', '_').Split('>')[0];
            Add(fields, path.Length == 0 ? name : parts.Length == 1 ? path : $"{path}.{name}", part.FieldType);
        }
    }
}
