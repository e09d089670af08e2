namespace ActorVmm.Explorer.Strategies;

/// <summary>
/// Goes through every distinct state, depth first: from each, every delivery is taken once, and whatever comes to a state seen before is cut off
/// there. An execution repeats the way to the place where it parts from the one before, and looks at states only from there on.
/// <para>
/// A state is its 128-bit fingerprint: actors, memory, what is on its way, and how often timers may still fire. A promise that remembers more than
/// the machine does may be missed beyond a state seen before; use it with promises about states.
/// </para>
/// </summary>
public sealed class StateStrategy(ExploredMachine machine) : IStrategy, IKeepsStates
{
    private readonly HashSet<Fingerprint> _states = [];
    private readonly Stack<(int Next, int Count)> _open = [];
    private int[] _way = new int[256];
    private int _length;
    private int _at;
    private bool _begun;

    public int Count => _states.Count;

    public IReadOnlyCollection<Fingerprint> States => _states;

    public bool Begin(long execution)
    {
        _at = 0;
        if (!_begun)
        {
            _begun = true;
            return true;
        }

        // Behind the last step that has another way to go, everything is done.
        while (_open.TryPop(out (int Next, int Count) step))
        {
            _length = _open.Count;
            if (step.Next < step.Count)
            {
                Go(step.Next, step.Count);
                return true;
            }
        }

        return false;
    }

    public int NextDelivery(SteppedHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (_at < _length)
        {
            return _way[_at++];
        }

        return _states.Add(host.StateFingerprint(machine.Machine.Shared)) ? Next(host.DeliverableCount) : -1;
    }

    public int NextNumber(in ChoicePoint point) => _at < _length ? _way[_at++] : Next(point.Alternatives);

    private int Next(int alternatives)
    {
        Go(0, alternatives);
        return _way[_at++];
    }

    private void Go(int alternative, int alternatives)
    {
        if (_length == _way.Length)
        {
            Array.Resize(ref _way, _length * 2);
        }

        _way[_length++] = alternative;
        _open.Push((alternative + 1, alternatives));
    }
}
