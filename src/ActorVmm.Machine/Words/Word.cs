using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Words;

/// <summary>
/// A message or a fact as people and other programs read it: its number, its name, and its fields in order. Names are written down
/// here and stay, whatever becomes of the type.
/// </summary>
/// <param name="Kind">Its number.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Fields">What it says; spare bytes are left out.</param>
public sealed record Word(int Kind, string Name, IReadOnlyList<WordField> Fields)
{
    /// <summary>Name and fields in one line, such as <c>TakeFrames needed 1 wanted 7</c>.</summary>
    public string Describe(ReadOnlySpan<byte> body, IActorNames names)
    {
        var text = new StringBuilder(Name);
        foreach (WordField field in Fields)
        {
            text.Append(' ').Append(field.Name).Append(' ').Append(field.TextOf(body, names));
        }

        return text.ToString();
    }

    /// <summary>The fields as properties of the object being written: numbers as numbers, all else as text.</summary>
    public void WriteFields(Utf8JsonWriter json, ReadOnlySpan<byte> body, IActorNames names)
    {
        ArgumentNullException.ThrowIfNull(json);
        foreach (WordField field in Fields)
        {
            if (field.Unit.IsNumber)
            {
                json.WriteNumber(field.Name, field.NumberOf(body));
            }
            else if (field.Unit == WordUnit.Flag)
            {
                json.WriteBoolean(field.Name, body[field.Offset] != 0);
            }
            else
            {
                json.WriteString(field.Name, field.TextOf(body, names));
            }
        }
    }
}

/// <summary>A field of a word.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Offset">Where it begins in the body.</param>
/// <param name="Unit">What it is.</param>
public sealed record WordField(string Name, int Offset, WordUnit Unit)
{
    public decimal NumberOf(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> bytes = body.Slice(Offset, Unit.Width);
        return (Unit.Width, Unit.Signed) switch
        {
            (1, _) => bytes[0],
            (2, _) => MemoryMarshal.Read<ushort>(bytes),
            (4, true) => MemoryMarshal.Read<int>(bytes),
            (4, false) => MemoryMarshal.Read<uint>(bytes),
            (8, true) => MemoryMarshal.Read<long>(bytes),
            (8, false) => MemoryMarshal.Read<ulong>(bytes),
            _ => throw new InvalidOperationException(Unit.Name + " is no number"),
        };
    }

    public string TextOf(ReadOnlySpan<byte> body, IActorNames names)
    {
        ReadOnlySpan<byte> bytes = body.Slice(Offset, Unit.Width);
        if (Unit.IsNumber)
        {
            return NumberOf(body).ToString(CultureInfo.InvariantCulture);
        }

        if (Unit == WordUnit.Flag)
        {
            return bytes[0] != 0 ? "yes" : "no";
        }

        return Unit.Text!(bytes, names);
    }
}
