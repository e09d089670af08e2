using System.Globalization;
using System.Text;

namespace ActorVmm.Workloads;

/// <summary>An input (trace, scenario, machine file) that cannot be taken as it is: exit code 3. The message starts with the place.</summary>
public class InputException : Exception
{
    private const int ClippedLength = 60;

    /// <summary>Refuses an input.</summary>
    /// <param name="place">Where.</param>
    /// <param name="sentence">What is wrong and what would be right, in one sentence without a full stop.</param>
    /// <param name="text">The offending text, clipped and made printable by <see cref="Clip(ReadOnlySpan{byte})"/>; null when there is none.</param>
    /// <param name="cause">What the system said.</param>
    public InputException(Place place, string sentence, string? text = null, Exception? cause = null)
        : base(text is null ? $"{place}: {sentence}" : $"{place}: {sentence}: \"{text}\"", cause)
    {
        Place = place;
        Sentence = sentence;
        Text = text;
    }

    public Place Place { get; }

    public string Sentence { get; }

    public string? Text { get; }

    /// <summary>Input as one short printable line: what is not printable ASCII is written \xNN.</summary>
    public static string Clip(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte value in bytes[..Math.Min(bytes.Length, ClippedLength)])
        {
            if (value is >= 0x20 and < 0x7F)
            {
                text.Append((char)value);
            }
            else
            {
                text.Append(CultureInfo.InvariantCulture, $"\\x{value:x2}");
            }
        }

        return bytes.Length > ClippedLength ? text.Append('…').ToString() : text.ToString();
    }

    /// <summary>Input as one short printable line.</summary>
    public static string Clip(string text) => Clip(Encoding.UTF8.GetBytes(text.Length > 200 ? text[..200] : text));
}

/// <summary>A correct input that asks for something ActorVmm will have but has not yet: exit code 2.</summary>
public sealed class NotBuiltException(Place place, string what)
    : InputException(place, $"{what}: not built yet");
