using System.Text;
using System.Text.Json;

namespace ActorVmm.Workloads.Conformance;

/// <summary>Reads one line of JSON into values that know their place.</summary>
internal static class JsonLine
{
    private const int DeepestNesting = 32;

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="line">The line without its end.</param>
    /// <param name="file">What messages call the input.</param>
    /// <param name="number">The line's number, from 1.</param>
    /// <exception cref="InputException">It is no JSON, or more than one value.</exception>
    public static JsonValue Parse(ReadOnlySpan<byte> line, string file, long number)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = DeepestNesting });
        try
        {
            reader.Read();
            JsonValue value = Read(ref reader, file, number);

            // The reader itself refuses whatever stands behind the value.
            reader.Read();
            return value;
        }
        catch (JsonException error)
        {
            long column = (error.BytePositionInLine ?? 0) + 1;
            throw new InputException(new Place(file, number, column), "is no JSON: " + FirstSentence(error.Message), InputException.Clip(line), error);
        }
        catch (Exception error) when (error is InvalidOperationException or DecoderFallbackException)
        {
            throw new InputException(new Place(file, number, reader.TokenStartIndex + 1), "a text that is no UTF-8, or half a surrogate pair", InputException.Clip(line), error);
        }
    }

    private static JsonValue Read(ref Utf8JsonReader reader, string file, long line)
    {
        var place = new Place(file, line, reader.TokenStartIndex + 1);
        switch (reader.TokenType)
        {
            case JsonTokenType.String: return new JsonValue { Kind = JsonKind.Text, Place = place, Text = reader.GetString()! };
            case JsonTokenType.Number: return new JsonValue { Kind = JsonKind.Number, Place = place, Text = _utf8.GetString(reader.ValueSpan) };
            case JsonTokenType.True or JsonTokenType.False: return new JsonValue { Kind = JsonKind.Boolean, Place = place, IsTrue = reader.TokenType == JsonTokenType.True };
            case JsonTokenType.Null: return new JsonValue { Kind = JsonKind.Null, Place = place };
            case JsonTokenType.StartArray: return new JsonValue { Kind = JsonKind.Array, Place = place, Items = ReadItems(ref reader, file, line) };
            case JsonTokenType.StartObject: return new JsonValue { Kind = JsonKind.Object, Place = place, Members = ReadMembers(ref reader, file, line) };
            case JsonTokenType.None or JsonTokenType.EndObject or JsonTokenType.EndArray or JsonTokenType.PropertyName or JsonTokenType.Comment:
            default: throw new InputException(place, "expected a value");
        }
    }

    private static List<JsonValue> ReadItems(ref Utf8JsonReader reader, string file, long line)
    {
        var items = new List<JsonValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Read(ref reader, file, line));
        }

        return items;
    }

    private static List<(string Name, JsonValue Value)> ReadMembers(ref Utf8JsonReader reader, string file, long line)
    {
        var members = new List<(string Name, JsonValue Value)>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            if (members.Exists(member => string.Equals(member.Name, name, StringComparison.Ordinal)))
            {
                throw new InputException(new Place(file, line, reader.TokenStartIndex + 1), "stands here twice", InputException.Clip(name));
            }

            reader.Read();
            members.Add((name, Read(ref reader, file, line)));
        }

        return members;
    }

    private static string FirstSentence(string message)
    {
        int end = message.IndexOf(". ", StringComparison.Ordinal);
        return end < 0 ? message.TrimEnd('.') : message[..end];
    }
}
