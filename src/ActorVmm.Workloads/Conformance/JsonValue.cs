namespace ActorVmm.Workloads.Conformance;

/// <summary>One value of a line of JSON, with the column where it stands, so that whoever finds it wrong can say where.</summary>
internal sealed class JsonValue
{
    public required JsonKind Kind { get; init; }

    public required Place Place { get; init; }

    /// <summary>Of a string; of a number, its digits.</summary>
    public string Text { get; init; } = "";

    public bool IsTrue { get; init; }

    /// <summary>Of an array.</summary>
    public IReadOnlyList<JsonValue> Items { get; init; } = [];

    /// <summary>Of an object, in order.</summary>
    public IReadOnlyList<(string Name, JsonValue Value)> Members { get; init; } = [];

    public JsonValue? Find(string name)
    {
        foreach ((string member, JsonValue value) in Members)
        {
            if (string.Equals(member, name, StringComparison.Ordinal))
            {
                return value;
            }
        }

        return null;
    }

    public JsonValue Require(string name) => Find(name) ?? throw Refused($"misses `{name}`");

    public string RequireText() => Kind == JsonKind.Text ? Text : throw Refused("expected a text");

    public bool RequireBoolean() => Kind == JsonKind.Boolean ? IsTrue : throw Refused("expected true or false");

    public IReadOnlyList<JsonValue> RequireItems() => Kind == JsonKind.Array ? Items : throw Refused("expected a list");

    public IReadOnlyList<(string Name, JsonValue Value)> RequireMembers() => Kind == JsonKind.Object ? Members : throw Refused("expected an object");

    public InputException Refused(string sentence) =>
        new(Place, sentence, Kind is JsonKind.Text or JsonKind.Number ? InputException.Clip(Text) : null);
}

/// <summary>Kinds of JSON values.</summary>
internal enum JsonKind
{
    Null,
    Boolean,
    Number,
    Text,
    Array,
    Object,
}
