using System.Globalization;

namespace ActorVmm.Workloads.Conformance;

/// <summary>Says whether an answer is what a step expects, and what is wrong when it is not.</summary>
public static class Judge
{
    /// <returns>Null when the step passes.</returns>
    /// <exception cref="SymbolException">A symbol in what is expected stands for nothing.</exception>
    public static Disagreement? Check(Expectations expected, CallAnswer answer, Symbols symbols)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(symbols);
        string status = StatusNames.NameOf(answer.Status);
        bool listed = expected.Statuses.Contains(status, StringComparer.Ordinal);
        if (!listed && !expected.Errors.Contains(StatusNames.ErrorOf(status), StringComparer.Ordinal))
        {
            return new Disagreement(string.Join(" or ", expected.Statuses.Concat(expected.Errors)), status);
        }

        if (!StatusNames.IsSuccess(status) && expected.Statuses.Any(StatusNames.IsSuccess))
        {
            return null;
        }

        foreach (ExpectedOutput output in expected.Values)
        {
            if (Compare(output, answer, symbols) is { } wrong)
            {
                return wrong;
            }
        }

        return expected.Alternatives.Count == 0 ? null : CheckAlternatives(expected.Alternatives, answer, symbols);
    }

    private static Disagreement? CheckAlternatives(IReadOnlyList<IReadOnlyList<ExpectedOutput>> alternatives, CallAnswer answer, Symbols symbols)
    {
        var wrong = new List<Disagreement>();
        foreach (IReadOnlyList<ExpectedOutput> alternative in alternatives)
        {
            Disagreement? first = alternative.Select(output => Compare(output, answer, symbols)).FirstOrDefault(found => found is not null);
            if (first is null)
            {
                return null;
            }

            wrong.Add(first);
        }

        return new Disagreement(string.Join(" or ", wrong.Select(one => one.Expected).Distinct(StringComparer.Ordinal)), string.Join(", ", wrong.Select(one => one.Actual).Distinct(StringComparer.Ordinal)));
    }

    private static Disagreement? Compare(ExpectedOutput expected, CallAnswer answer, Symbols symbols)
    {
        (string name, string relation) = Relation(expected.Name, answer);
        if (name is "end")
        {
            return CompareEnd(expected, answer, symbols);
        }

        if (!answer.Outputs.TryGetValue(name, out Output? actual))
        {
            return new Disagreement(Text(expected, symbols), $"no {name}");
        }

        if (expected.Value.List is { } list)
        {
            ulong[] numbers = [.. list.Select(symbols.Evaluate)];
            return actual.List is { } got && numbers.AsSpan().SequenceEqual([.. got]) ? null : new Disagreement(Text(expected, symbols), $"{name} {List(actual.List)}");
        }

        if (expected.Value.Word is { } word)
        {
            return string.Equals(word, actual.Word, StringComparison.Ordinal) ? null : new Disagreement(Text(expected, symbols), $"{name} {actual.Word ?? Number(name, actual.Number)}");
        }

        ulong value = symbols.Evaluate(expected.Value.Number!);
        bool holds = actual.List is null && actual.Word is null && Holds(relation, actual.Number, Signed(expected, value));
        return holds ? null : new Disagreement(Text(expected, symbols), $"{name} {actual.Word ?? (actual.List is null ? Number(name, actual.Number) : List(actual.List))}");
    }

    /// <summary>base + size is at most.</summary>
    private static Disagreement? CompareEnd(ExpectedOutput expected, CallAnswer answer, Symbols symbols)
    {
        if (!answer.Outputs.TryGetValue("base", out Output? start) || !answer.Outputs.TryGetValue("size", out Output? size))
        {
            return new Disagreement(Text(expected, symbols), "no base and size");
        }

        Int128 end = start.Number + size.Number;
        return end <= symbols.Evaluate(expected.Value.Number!) ? null : new Disagreement(Text(expected, symbols), "end " + Number("end", end));
    }

    /// <summary>An output of just this name, or a constraint on one: base_align, size_at_least, …</summary>
    private static (string Name, string Relation) Relation(string name, CallAnswer answer)
    {
        if (answer.Outputs.ContainsKey(name))
        {
            return (name, "");
        }

        foreach (string relation in new[] { "_align", "_below", "_at_least", "_at_most", "_ne" })
        {
            if (name.EndsWith(relation, StringComparison.Ordinal))
            {
                return (name[..^relation.Length], relation);
            }
        }

        return (name, "");
    }

    private static bool Holds(string relation, Int128 actual, Int128 expected) => relation switch
    {
        "_align" => expected != 0 && actual % expected == 0,
        "_below" => actual < expected,
        "_at_least" => actual >= expected,
        "_at_most" => actual <= expected,
        "_ne" => actual != expected,
        _ => actual == expected,
    };

    /// <summary>Only differences can be negative; they are written with a minus sign.</summary>
    private static Int128 Signed(ExpectedOutput expected, ulong value) =>
        expected.Name.Contains("_delta", StringComparison.Ordinal) ? unchecked((long)value) : value;

    private static string Text(ExpectedOutput expected, Symbols symbols)
    {
        string value = expected.Value switch
        {
            { List: { } list } => List([.. list.Select(symbols.Evaluate)]),
            { Word: { } word } => word,
            { Number: { IsPlain: true, IsNull: false } number } => Number(expected.Name, Signed(expected, number.Offset)),
            { Number: { } number } => $"{number} = {Expression.Hexadecimal(symbols.Evaluate(number))}",
            _ => "nothing",
        };
        return $"{expected.Name} {value}";
    }

    private static string List(IReadOnlyList<ulong>? numbers) => numbers is null ? "no list" : "[" + string.Join(", ", numbers.Select(Expression.Hexadecimal)) + "]";

    private static string Number(string name, Int128 number) => number < 0 ? "-" + Number(name, -number)
        : number > ulong.MaxValue ? "0x" + number.ToString("x", CultureInfo.InvariantCulture)
        : FlagWords.TextOf(name, (ulong)number);
}

/// <summary>What a step should have given and what it gave, in words.</summary>
public sealed record Disagreement(string Expected, string Actual);
