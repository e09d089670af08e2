namespace ActorVmm.Kernel.WorkingSets;

/// <summary>
/// In which order processes are asked during a round: idle ones before busy ones, those with more pages to give first, and of two that
/// are alike the one with the lower id. Usually only the first few are asked, so only as many are sorted out as are looked at: the
/// keys are a heap whose smallest ones have moved, in order, to the end of the array.
/// </summary>
internal sealed class TrimOrder : IEncodable
{
    private const int BusyShift = 63;
    private const int SmallnessShift = 32;

    // One key for each process: busy, small, id.
    private ulong[] _keys = new ulong[4];
    private int _count;
    private int _heap;

    public int Count => _count;

    /// <summary>The process at a place, from 0.</summary>
    public ActorId this[int place]
    {
        get
        {
            while (_count - _heap <= place)
            {
                MoveSmallest();
            }

            return new ActorId(unchecked((int)_keys[_count - 1 - place]));
        }
    }

    /// <summary>A round begins: the order by pages above minimums, and by what has happened since the last round.</summary>
    public void Begin(TrimCandidates processes)
    {
        for (int row = 0; row < processes.Count; row++)
        {
            processes[row].Begin();
        }

        Set(processes, belowMinimum: false);
    }

    /// <summary>Minimums may be undercut from now on, so all pages count.</summary>
    public void Renew(TrimCandidates processes) => Set(processes, belowMinimum: true);

    public void Encode(StateCodec codec)
    {
        codec.Values("order", ref _keys, ref _count);
        codec.Field("order heap", ref _heap);
    }

    private void Set(TrimCandidates processes, bool belowMinimum)
    {
        if (_keys.Length < processes.Count)
        {
            _keys = new ulong[Math.Max(processes.Count, _keys.Length * 2)];
        }

        _count = processes.Count;
        _heap = _count;
        for (int row = 0; row < _count; row++)
        {
            ref TrimCandidate process = ref processes[row];
            ulong busy = process.IsIdle ? 0UL : 1UL;
            ulong smallness = (ulong)(int.MaxValue - process.Surplus(belowMinimum));
            _keys[row] = (busy << BusyShift) | (smallness << SmallnessShift) | (uint)process.Process.Value;
        }

        for (int at = (_heap / 2) - 1; at >= 0; at--)
        {
            Sink(at);
        }
    }

    private void MoveSmallest()
    {
        _heap--;
        (_keys[0], _keys[_heap]) = (_keys[_heap], _keys[0]);
        Sink(0);
    }

    private void Sink(int at)
    {
        ulong key = _keys[at];
        for (int child = (2 * at) + 1; child < _heap; child = (2 * at) + 1)
        {
            if (child + 1 < _heap && _keys[child + 1] < _keys[child])
            {
                child++;
            }

            if (_keys[child] >= key)
            {
                break;
            }

            _keys[at] = _keys[child];
            at = child;
        }

        _keys[at] = key;
    }
}
