using System.Globalization;
using System.Text.Json;
using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Views;

/// <summary>One value of a sheet: what people read, and what programs read.</summary>
public readonly struct Cell
{
    private readonly decimal? _number;
    private readonly bool? _flag;
    private readonly string? _word;

    private Cell(string text, decimal? number = null, bool? flag = null, string? word = null)
    {
        Text = text;
        _number = number;
        _flag = flag;
        _word = word;
    }

    /// <summary>For people.</summary>
    public string Text { get; }

    public bool IsNumber => _number is not null;

    public static Cell Count(decimal count) => new(count.ToString(CultureInfo.InvariantCulture), number: count);

    /// <summary>Pages, as the debugger shows them: with their kilobytes.</summary>
    public static Cell Pages(decimal pages) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{pages,9} ({pages * (PageSize.Bytes / 1024),11} Kb)"), number: pages);

    /// <summary>A hexadecimal number of so many digits; programs get it as text, with 0x.</summary>
    public static Cell Hex(ulong value, int digits = 0)
    {
        string hex = value.ToString("x" + digits.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return new Cell(hex, word: "0x" + value.ToString("x", CultureInfo.InvariantCulture));
    }

    /// <summary>A 64-bit address with the debugger's grave accent in the middle.</summary>
    public static Cell Address(ulong value)
    {
        string hex = value.ToString("x16", CultureInfo.InvariantCulture);
        return new Cell(hex[..8] + "`" + hex[8..], word: "0x" + value.ToString("x", CultureInfo.InvariantCulture));
    }

    public static Cell Frame(Pfn frame) => frame.IsNone ? None : Hex(frame.Value, 6);

    public static Cell Slot(PagingFileSlot slot) => slot.IsNone ? None : Word(slot.ToString());

    public static Cell Time(Ticks time) =>
        time == Ticks.Never ? new Cell("whenever", word: "whenever") : new Cell(string.Create(CultureInfo.InvariantCulture, $"{time.Value / 1000m:0.000} us"), number: time.Value);

    public static Cell Word(string word) => new(word, word: word);

    public static Cell Flag(bool flag) => new(flag ? "yes" : "no", flag: flag);

    /// <summary>Nothing to show; null for programs.</summary>
    public static readonly Cell None = new("-");

    public void Write(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (_number is { } number)
        {
            json.WriteNumberValue(number);
        }
        else if (_flag is { } flag)
        {
            json.WriteBooleanValue(flag);
        }
        else if (_word is not null)
        {
            json.WriteStringValue(_word);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}
