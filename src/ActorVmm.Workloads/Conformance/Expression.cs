using System.Globalization;

namespace ActorVmm.Workloads.Conformance;

/// <summary>
/// A number as cases write it: <c>0x1000</c>, <c>$a</c>, <c>$a+0x1001</c>, <c>$t.limit-0x800</c>, null. What it comes to depends on what
/// its symbol is bound to when it is looked at.
/// </summary>
/// <param name="Symbol">With its dollar sign and without what follows a dot; "" for a plain number.</param>
/// <param name="Member">What follows the dot, or "".</param>
/// <param name="Offset">Added to the symbol, modulo 2^64; the number itself where there is no symbol.</param>
/// <param name="IsNull">It was written as null: a NULL pointer, or none.</param>
public sealed record Expression(string Symbol, string Member, ulong Offset, bool IsNull = false)
{
    public static Expression Null { get; } = new("", "", 0, IsNull: true);

    public bool IsPlain => Symbol.Length == 0;

    public static Expression Of(ulong number) => new("", "", number);

    public static Expression? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        ReadOnlySpan<char> rest = text;
        ReadOnlySpan<char> symbol = rest.StartsWith("$") ? rest[..(1 + LengthOf(rest[1..], IsLetter))] : default;
        if (symbol.Length == 1 || (symbol.Length > 1 && char.IsAsciiDigit(symbol[1])))
        {
            return null;
        }

        rest = rest[symbol.Length..];
        ReadOnlySpan<char> member = symbol.Length > 0 && rest.StartsWith(".") ? rest[1..(1 + LengthOf(rest[1..], char.IsAsciiLetterLower))] : default;
        rest = member.IsEmpty ? rest : rest[(1 + member.Length)..];
        if (rest.IsEmpty && symbol.Length > 0)
        {
            return new Expression(symbol.ToString(), member.ToString(), 0);
        }

        bool down = rest.StartsWith("-");
        bool signed = down || (symbol.Length > 0 && rest.StartsWith("+"));
        if ((symbol.Length > 0 && !signed) || !TryNumber(signed ? rest[1..] : rest, out ulong offset))
        {
            return null;
        }

        return new Expression(symbol.ToString(), member.ToString(), down ? unchecked(0UL - offset) : offset);
    }

    /// <summary>A whole number, hexadecimal with 0x in front or decimal.</summary>
    public static bool TryNumber(ReadOnlySpan<char> text, out ulong number) =>
        text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    public override string ToString()
    {
        if (IsNull)
        {
            return "null";
        }

        string symbol = Member.Length == 0 ? Symbol : $"{Symbol}.{Member}";
        bool down = unchecked((long)Offset) < 0 && !IsPlain;
        return IsPlain ? Hexadecimal(Offset) : Offset == 0 ? symbol : symbol + (down ? "-" : "+") + Hexadecimal(down ? unchecked(0UL - Offset) : Offset);
    }

    internal static string Hexadecimal(ulong number) => "0x" + number.ToString("x", CultureInfo.InvariantCulture);

    private static bool IsLetter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter == '_';

    private static int LengthOf(ReadOnlySpan<char> text, Func<char, bool> belongs)
    {
        int length = 0;
        while (length < text.Length && belongs(text[length]))
        {
            length++;
        }

        return length;
    }
}
