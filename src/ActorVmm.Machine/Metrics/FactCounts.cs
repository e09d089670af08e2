using ActorVmm.Actors;

namespace ActorVmm.Machine.Metrics;

/// <summary>How often each kind of fact was stated, by the name of its type.</summary>
public sealed class FactCounts : IFactListener
{
    private static readonly Dictionary<string, int> _kinds = typeof(Protocol.Pfn).Assembly.GetTypes()
        .Where(type => type.IsValueType && typeof(IFact).IsAssignableFrom(type))
        .ToDictionary(type => type.Name, KindOf, StringComparer.Ordinal);

    private readonly long[] _counts = new long[_kinds.Values.Max() + 1];

    public bool TryGet(string name, out long count)
    {
        bool known = _kinds.TryGetValue(name, out int kind);
        count = known ? _counts[kind] : 0;
        return known;
    }

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        foreach (ref readonly Fact fact in facts)
        {
            _counts[fact.Kind]++;
        }
    }

    private static int KindOf(Type type) =>
        (int)typeof(FactCounts).GetMethod(nameof(KindOfFact), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!
            .MakeGenericMethod(type).Invoke(null, null)!;

    private static int KindOfFact<T>()
        where T : unmanaged, IFact => T.Kind;
}
