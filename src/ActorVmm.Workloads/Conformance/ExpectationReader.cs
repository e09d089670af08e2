namespace ActorVmm.Workloads.Conformance;

/// <summary>Reads what a step must give.</summary>
internal static class ExpectationReader
{
    private static readonly string[] _keys = ["status", "status_any", "value", "value_any", "win32_error", "win32_error_any", "status_derived", "implied"];

    public static Expectations Read(JsonValue value)
    {
        CaseReader.Know(value, _keys);
        if ((value.Find("status") is null) == (value.Find("status_any") is null))
        {
            throw value.Refused("expected exactly one of `status` and `status_any`");
        }

        _ = value.Find("implied")?.RequireBoolean();
        bool derived = value.Find("status_derived")?.RequireBoolean() ?? false;
        List<JsonValue> errors = OneOrAll(value.Find("win32_error"), value.Find("win32_error_any"));
        return new Expectations(
            [.. OneOrAll(value.Find("status"), value.Find("status_any")).Select(StatusOf)],
            value.Find("value") is { } values ? Outputs(values) : [],
            [.. (value.Find("value_any")?.RequireItems() ?? []).Select(Outputs)],
            [.. errors.Select(ErrorOf).Where(_ => derived)]);
    }

    private static List<JsonValue> OneOrAll(JsonValue? one, JsonValue? all) => [.. (all?.RequireItems() ?? []).Concat(one is null ? [] : [one])];

    private static string StatusOf(JsonValue value) =>
        IsName(value.RequireText(), "STATUS_") ? value.Text : throw value.Refused("expected the name of a status, such as STATUS_SUCCESS");

    private static string ErrorOf(JsonValue value) =>
        IsName(value.RequireText(), "ERROR_") ? value.Text : throw value.Refused("expected the name of an error, such as ERROR_INVALID_PARAMETER");

    private static List<ExpectedOutput> Outputs(JsonValue value) => [.. value.RequireMembers().Select(member => new ExpectedOutput(member.Name, ValueOf(member.Value)))];

    /// <summary>Numbers and flags are told apart from words by their form.</summary>
    private static ExpectedValue ValueOf(JsonValue value) => value.Kind switch
    {
        JsonKind.Boolean => new ExpectedValue(Expression.Of(value.IsTrue ? 1UL : 0)),
        JsonKind.Array => new ExpectedValue(null, [.. value.Items.Select(ArgumentReader.Number)]),
        JsonKind.Text when Expression.Parse(value.Text) is null => FlagWords.TryParse(value.Text, out ulong bits, out _)
            ? new ExpectedValue(Expression.Of(bits))
            : new ExpectedValue(null, Word: value.Text),
        JsonKind.Null or JsonKind.Number or JsonKind.Text or JsonKind.Object => new ExpectedValue(ArgumentReader.Number(value)),
    };

    private static bool IsName(string text, string prefix) =>
        text.Length > prefix.Length && text.StartsWith(prefix, StringComparison.Ordinal) && text.All(letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter) || letter == '_');
}
