using ActorVmm.Actors;

namespace ActorVmm.Kernel.Tests;

/// <summary>Remembers what a machine has stated, until it is cleared.</summary>
internal sealed class FactLog : IFactListener
{
    private readonly List<(ActorId Actor, Fact Fact)> _facts = [];

    /// <summary>Whether facts are kept; long runs do without.</summary>
    public bool Keeping { get; set; } = true;

    public void Clear() => _facts.Clear();

    public IReadOnlyList<T> Of<T>()
        where T : unmanaged, IFact => [.. _facts.Where(entry => entry.Fact.Kind == T.Kind).Select(entry => entry.Fact.Read<T>())];

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        if (!Keeping)
        {
            return;
        }

        foreach (ref readonly var fact in facts)
        {
            _facts.Add((turn.Actor, fact));
        }
    }
}
