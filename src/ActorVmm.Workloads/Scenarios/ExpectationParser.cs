using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>
/// Reads a line of `expect:`.
/// <code>
/// line     = operand comparison operand [ "at end" ]
/// operand  = metric | number [ unit ]
/// metric   = name { "." name } [ "(" argument ")" ] { "." name }
/// unit     = "%" | ns us ms s min | B KiB MiB GiB TiB pages
/// </code>
/// </summary>
internal static class ExpectationParser
{
    private static readonly (string Sign, Comparison Comparison)[] _signs =
    [
        ("<=", Comparison.LessOrEqual),
        (">=", Comparison.GreaterOrEqual),
        ("==", Comparison.Equal),
        ("!=", Comparison.NotEqual),
        ("<", Comparison.Less),
        (">", Comparison.Greater),
    ];

    public static Expectation Parse(ScenarioNode node)
    {
        string text = Fields.Scalar(node);
        string rest = text.Trim();
        bool atEnd = rest.EndsWith("at end", StringComparison.Ordinal);
        rest = atEnd ? rest[..^"at end".Length] : rest;
        int at = rest.AsSpan().IndexOfAny("<>=!");
        (string sign, Comparison comparison) = Array.Find(_signs, s => at >= 0 && rest.AsSpan(at).StartsWith(s.Sign, StringComparison.Ordinal));
        if (sign is null)
        {
            throw node.Error($"`{InputException.Clip(text)}` compares nothing: write `metric < number`, with <, <=, >, >=, == or !=");
        }

        Operand left = Operand(node, rest[..at].Trim());
        Operand right = Operand(node, rest[(at + sign.Length)..].Trim());
        return left.Metric is null && right.Metric is null
            ? throw node.Error($"`{InputException.Clip(text)}` names no metric")
            : new Expectation(text, left, comparison, right, atEnd, node.Place);
    }

    private static Operand Operand(ScenarioNode node, string text)
    {
        if (text.Length == 0)
        {
            throw node.Error("a side of the comparison is missing");
        }

        if (IsMetric(text))
        {
            return new Operand(string.Concat(text.Where(letter => letter is not (' ' or '\t'))), 0);
        }

        if (Quantity.TryNumber(text, out decimal number))
        {
            return new Operand(null, (double)number);
        }

        if (Quantity.TryShare(text, out decimal share) is null)
        {
            return new Operand(null, (double)share);
        }

        if (Quantity.TryTime(text, out long nanoseconds) is null)
        {
            return new Operand(null, nanoseconds);
        }

        return Quantity.TrySize(text, out ulong bytes) is null
            ? new Operand(null, bytes / (double)PageSize.Bytes)
            : throw node.Error($"`{InputException.Clip(text)}` is neither a metric nor a number with a unit of time, size or %");
    }

    /// <summary>Letters, digits and points, starting with a letter; at most one pair of brackets with anything but brackets between.</summary>
    private static bool IsMetric(string text)
    {
        int open = text.IndexOf('(', StringComparison.Ordinal);
        int close = text.IndexOf(')', StringComparison.Ordinal);
        string names = open < 0 && close < 0 ? text
            : open > 0 && close > open + 1 && text.IndexOfAny(['(', ')'], close + 1) < 0 && text.IndexOf('(', open + 1) < 0
                ? text[..open].TrimEnd() + text[(close + 1)..]
                : "";
        return names.Length > 0
            && names.Split('.').All(name => name.Length > 0 && char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit));
    }
}
