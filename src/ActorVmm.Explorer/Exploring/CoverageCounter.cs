using System.Runtime.InteropServices;
using ActorVmm.Explorer.Dpor;

namespace ActorVmm.Explorer.Exploring;

/// <summary>Counts what the executions of one machine come through.</summary>
internal sealed class CoverageCounter(DeliveryModel model)
{
    private const byte Forward = 1;
    private const byte Backward = 2;

    private readonly HappensBefore _order = new(model);
    private readonly Dictionary<ulong, byte> _pairs = [];
    private readonly Dictionary<(string Specification, string Name), long> _situations = [];
    private int[] _races = new int[8];

    /// <summary>An execution has ended.</summary>
    public void Count(ExploredMachine machine)
    {
        ExecutionRecord record = machine.Record;
        _order.Compute(record);
        for (int later = 1; later < record.Count; later++)
        {
            int races = _order.RacesOf(later, ref _races);
            foreach (int earlier in _races.AsSpan(0, races))
            {
                Add(KeyOf(record, earlier), KeyOf(record, later));
            }
        }

        foreach (Situation situation in machine.Machine.Judge.Situations)
        {
            ref long schedules = ref CollectionsMarshal.GetValueRefOrAddDefault(_situations, (situation.Specification, situation.Name), out _);
            schedules += situation.IsSeen ? 1 : 0;
        }
    }

    /// <summary>Adds what another counted.</summary>
    public void Add(CoverageCounter other)
    {
        foreach ((ulong pair, byte orders) in other._pairs)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out _) |= orders;
        }

        foreach (((string, string) situation, long schedules) in other._situations)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_situations, situation, out _) += schedules;
        }
    }

    public Coverage Build() => new(
        _pairs.Count,
        _pairs.Values.LongCount(orders => orders == (Forward | Backward)),
        [.. _situations.Select(situation => new CoveredSituation(situation.Key.Specification, situation.Key.Name, situation.Value))]);

    private static ulong KeyOf(ExecutionRecord record, int turn)
    {
        ref readonly RecordedTurn taken = ref record[turn];
        return Mix.Fold(Mix.Fold(taken.Receiver, taken.Name.Sender), (ulong)(uint)taken.Kind);
    }

    private void Add(ulong first, ulong second) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_pairs, Mix.Fold(Math.Min(first, second), Math.Max(first, second)), out _) |= first <= second ? Forward : Backward;
}
