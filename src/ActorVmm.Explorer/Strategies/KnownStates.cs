namespace ActorVmm.Explorer.Strategies;

/// <summary>
/// Keeps a sampling strategy from what is done: a state is done when every delivery from it leads to states that are done. An
/// execution that comes to one is cut off, and a pick that is known to lead to one is exchanged for the next that is not. When
/// the first state is done, every state has been seen.
/// <para>
/// A state is its 128-bit fingerprint: actors, memory, and what is on its way. A promise that remembers more than the machine
/// does may be missed beyond a state seen before; use it with promises about states.
/// </para>
/// </summary>
public sealed class KnownStates(IStrategy inner, ExploredMachine machine) : IStrategy, IKeepsStates
{
    private const int Unknown = -1;

    /// <summary>The turn asked for choices, so that one delivery leads to several states: never done.</summary>
    private const int Several = -2;

    private readonly Dictionary<Fingerprint, int> _numbers = [];
    private readonly List<ulong[]> _deliveries = [];
    private readonly List<int[]> _next = [];
    private readonly List<bool> _done = [];
    private readonly List<(int State, int Delivery)> _path = [];
    private bool _asked;
    private bool _begun;
    private bool _cutOff;

    public int Count => _numbers.Count;

    public IReadOnlyCollection<Fingerprint> States => _numbers.Keys;

    public bool Begin(long execution)
    {
        if (_begun)
        {
            Settle();
        }

        _begun = true;
        _path.Clear();
        _asked = false;
        _cutOff = false;
        return (_done.Count == 0 || !_done[0]) && inner.Begin(execution);
    }

    public int NextDelivery(SteppedHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        int state = NumberOf(host);
        Arrive(state);
        if (_done[state])
        {
            _cutOff = true;
            return -1;
        }

        int pick = inner.NextDelivery(host);
        for (int tries = 0; tries < host.DeliverableCount && IsDone(_next[state][PlaceOf(host, state, pick)]); tries++)
        {
            pick = (pick + 1) % host.DeliverableCount;
        }

        _path.Add((state, PlaceOf(host, state, pick)));
        _asked = false;
        return pick;
    }

    public int NextNumber(in ChoicePoint point)
    {
        _asked = true;
        return inner.NextNumber(in point);
    }

    private int NumberOf(SteppedHost host)
    {
        Fingerprint fingerprint = host.StateFingerprint(machine.Machine.Shared);
        if (!_numbers.TryGetValue(fingerprint, out int state))
        {
            state = _next.Count;
            _numbers[fingerprint] = state;
            ulong[] deliveries = new ulong[host.DeliverableCount];
            for (int index = 0; index < deliveries.Length; index++)
            {
                deliveries[index] = DeliveryOf(host, index);
            }

            deliveries = [.. deliveries.Distinct().Order()];
            int[] next = new int[deliveries.Length];
            Array.Fill(next, Unknown);
            _deliveries.Add(deliveries);
            _next.Add(next);
            _done.Add(false);
        }

        return state;
    }

    private int PlaceOf(SteppedHost host, int state, int index) => Array.BinarySearch(_deliveries[state], DeliveryOf(host, index));

    /// <summary>
    /// What a delivery is, whenever it was sent: deliverables are numbered in the order of sending, and one state can be reached in
    /// several.
    /// </summary>
    private static ulong DeliveryOf(SteppedHost host, int index)
    {
        ref readonly PendingMessage message = ref host.Deliverable(index);
        ulong way = Mix.Fold(host.Actors[message.To].Identity.Value, host.Actors[message.Delivery.Sender].Identity.Value);
        return Mix.Spread(message.Delivery.Message.HashInto(message.IsTimer ? ~way : way));
    }

    private void Arrive(int state)
    {
        if (_path.Count > 0)
        {
            (int before, int delivery) = _path[^1];
            _next[before][delivery] = _asked ? Several : state;
        }
    }

    /// <summary>An execution has ended: what it came through may be done now, from its end on.</summary>
    private void Settle()
    {
        bool ended = machine.LatestEnd is ExecutionEnd.Complete or ExecutionEnd.Stopped;
        for (int at = _path.Count - 1; at >= 0; at--)
        {
            (int state, int delivery) = _path[at];
            if (at == _path.Count - 1 && ended && !_cutOff)
            {
                _next[state][delivery] = _asked ? Several : End();
            }

            if (!Array.TrueForAll(_next[state], IsDone))
            {
                return;
            }

            _done[state] = true;
        }
    }

    /// <summary>The state in which nothing can be delivered, whichever it is: done, and of no number.</summary>
    private static int End() => int.MaxValue;

    private bool IsDone(int state) => state == End() || (state >= 0 && _done[state]);
}
