namespace ActorVmm.Kernel.WorkingSets;

/// <summary>
/// In which order processes are asked during a round: idle ones before busy ones, those with more pages to give first, and of two that
/// are alike the one with the lower id.
/// </summary>
internal sealed class TrimOrder : IEncodable
{
    private const int BusyShift = 63;
    private const int SmallnessShift = 32;

    // One key for each process: busy, small, id. Sorted, they are the order.
    private ulong[] _keys = new ulong[4];
    private int _count;

    public int Count => _count;

    public ActorId this[int place] => new(unchecked((int)_keys[place]));

    /// <param name="processes">Who has reported.</param>
    /// <param name="belowMinimum">Whether minimums may be undercut, so that all pages count.</param>
    public void Set(TrimCandidates processes, bool belowMinimum)
    {
        if (_keys.Length < processes.Count)
        {
            _keys = new ulong[Math.Max(processes.Count, _keys.Length * 2)];
        }

        _count = processes.Count;
        for (int row = 0; row < _count; row++)
        {
            ref TrimCandidate process = ref processes[row];
            ulong busy = process.IsIdle ? 0UL : 1UL;
            ulong smallness = (ulong)(int.MaxValue - process.Surplus(belowMinimum));
            _keys[row] = (busy << BusyShift) | (smallness << SmallnessShift) | (uint)process.Process.Value;
        }

        _keys.AsSpan(0, _count).Sort();
    }

    public void Encode(StateCodec codec) => codec.Values("order", ref _keys, ref _count);
}
