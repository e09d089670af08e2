namespace ActorVmm.Workloads.Scenarios;

/// <summary>A piece of a YAML file, and where it stands.</summary>
internal abstract record ScenarioNode(Place Place)
{
    /// <summary>What messages call it.</summary>
    public abstract string Kind { get; }

    public InputException Error(string sentence) => new(Place, sentence);
}

/// <summary>A word, number or text.</summary>
internal sealed record ScalarNode(Place Place, string Text, bool Quoted) : ScenarioNode(Place)
{
    public override string Kind => $"`{InputException.Clip(Text)}`";
}

/// <summary>A list.</summary>
internal sealed record SequenceNode(Place Place, IReadOnlyList<ScenarioNode> Items) : ScenarioNode(Place)
{
    public override string Kind => "a list";
}

/// <summary>Keys and values, in the order of the file.</summary>
internal sealed record MappingNode(Place Place, IReadOnlyList<MappingEntry> Entries) : ScenarioNode(Place)
{
    public override string Kind => "a mapping";
}

/// <summary>A key and its value.</summary>
internal readonly record struct MappingEntry(ScalarNode Key, ScenarioNode Value);
