namespace ActorVmm.Kernel.WorkingSets;

/// <summary>What the working-set manager knows of a process: what it said last.</summary>
internal struct TrimCandidate : IEncodable
{
    public ActorId Process;
    public int Pages;
    public int Minimum;
    public int Kept;
    public uint Faults;

    /// <summary>What <see cref="Faults"/> was when the last round began.</summary>
    public uint FaultsBefore;

    /// <summary>Whether it had no fault between the last two rounds.</summary>
    public bool IsIdle;

    public int Flags;

    /// <summary>How often it was asked for anything at all and had nothing, since its numbers changed or the last tick.</summary>
    public int AskedInVain;

    /// <summary>Requests to trim that it has not answered.</summary>
    public int Asked;

    /// <summary>Its minimum is guaranteed, however short memory is.</summary>
    public readonly bool HasHardMinimum => (Flags & 1) != 0;

    /// <summary>At its hard maximum it chooses its own victims, by a policy of its own.</summary>
    public readonly bool ReplacesItself => (Flags & 2) != 0;

    /// <summary>
    /// Pages that may be taken from it. Below the minimum a process counts for one more: when all its pages have gone, its page tables
    /// may go. It has to be asked twice for them, because it must first find out whether they still lead to pages; but not for ever.
    /// </summary>
    public readonly int Surplus(bool belowMinimum)
    {
        if (!belowMinimum)
        {
            return Math.Max(0, Pages - Minimum);
        }

        return AskedInVain < 2 ? Math.Max(0, Pages + 1 - (HasHardMinimum ? Minimum : 0)) : 0;
    }

    /// <summary>A round begins.</summary>
    public void Begin()
    {
        IsIdle = Faults == FaultsBefore;
        FaultsBefore = Faults;
    }

    public void Learn(in WorkingSetChanged changed)
    {
        Pages = changed.Pages;
        Minimum = changed.Minimum;
        Kept = changed.Kept;
        Faults = changed.Faults;
        Flags = changed.Flags;
        AskedInVain = 0;
    }

    public void Encode(StateCodec codec)
    {
        codec.Field("process", ref Process);
        codec.Field("pages", ref Pages);
        codec.Field("minimum", ref Minimum);
        codec.Field("kept", ref Kept);
        codec.Field("faults", ref Faults);
        codec.Field("faults before", ref FaultsBefore);
        codec.Field("idle", ref IsIdle);
        codec.Field("flags", ref Flags);
        codec.Field("asked in vain", ref AskedInVain);
        codec.Field("asked", ref Asked);
    }
}

/// <summary>
/// The expansion list: the processes that have reported, found by actor id in constant time. A process that never reports costs
/// nothing.
/// </summary>
internal sealed class TrimCandidates : IEncodable
{
    private const int ChunkShift = 8;
    private const int ChunkMask = (1 << ChunkShift) - 1;

    private TrimCandidate[] _rows = new TrimCandidate[4];
    private int _count;

    // By actor id: 1 + the row, in chunks of 256. Follows from the rows.
    private int[]?[] _places = [];

    // What the rows add up to. Follows from the rows.
    private long _surplus;
    private long _kept;

    public int Count => _count;

    /// <summary>Pages above their minimums that may be taken from those that do not replace their own.</summary>
    public long Surplus => _surplus;

    /// <summary>Frames that they keep ready.</summary>
    public long Kept => _kept;

    public ref TrimCandidate this[int row] => ref _rows[row];

    /// <summary>The row of a process; −1 when it has not reported or has left.</summary>
    public int Find(ActorId process)
    {
        int chunk = process.Value >> ChunkShift;
        return chunk < _places.Length && _places[chunk] is { } places ? places[process.Value & ChunkMask] - 1 : -1;
    }

    /// <summary>A process reports, perhaps for the first time.</summary>
    /// <returns>Whether there is more to take than before.</returns>
    public bool Learn(ActorId process, in WorkingSetChanged changed)
    {
        int place = FindOrAdd(process);
        ref TrimCandidate row = ref _rows[place];
        bool grew = changed.Pages > row.Pages || changed.Kept > row.Kept;
        AddUp(in row, -1);
        row.Learn(in changed);
        AddUp(in row, 1);
        return grew;
    }

    /// <summary>A process says what it has left after it was trimmed.</summary>
    public void Learn(int row, in WorkingSetTrimmed trimmed)
    {
        AddUp(in _rows[row], -1);
        _rows[row].Pages = trimmed.Pages;
        _rows[row].Kept = trimmed.Kept;
        AddUp(in _rows[row], 1);
    }

    /// <summary>The frames that a process keeps ready have been recalled.</summary>
    public void Recall(int row)
    {
        _kept -= _rows[row].Kept;
        _rows[row].Kept = 0;
    }

    private int FindOrAdd(ActorId process)
    {
        int row = Find(process);
        if (row < 0)
        {
            if (_count == _rows.Length)
            {
                Array.Resize(ref _rows, _count * 2);
            }

            row = _count++;
            _rows[row] = new TrimCandidate { Process = process };
            Place(row);
        }

        return row;
    }

    /// <summary>Removes a process; the last row takes its place.</summary>
    public void Remove(int row)
    {
        AddUp(in _rows[row], -1);
        PlaceOf(_rows[row].Process) = 0;
        _count--;
        if (row < _count)
        {
            _rows[row] = _rows[_count];
            Place(row);
        }
    }

    public void Encode(StateCodec codec)
    {
        if (codec.Restoring)
        {
            _places = [];
            _surplus = 0;
            _kept = 0;
        }

        codec.Rows("processes", ref _rows, ref _count);
        for (int row = 0; codec.Restoring && row < _count; row++)
        {
            Place(row);
            AddUp(in _rows[row], 1);
        }
    }

    private void AddUp(in TrimCandidate row, int sign)
    {
        _surplus += row.ReplacesItself ? 0 : sign * row.Surplus(belowMinimum: false);
        _kept += sign * row.Kept;
    }

    private void Place(int row) => PlaceOf(_rows[row].Process) = row + 1;

    private ref int PlaceOf(ActorId process)
    {
        int chunk = process.Value >> ChunkShift;
        if (chunk >= _places.Length)
        {
            Array.Resize(ref _places, Math.Max(chunk + 1, _places.Length * 2));
        }

        return ref (_places[chunk] ??= new int[1 << ChunkShift])[process.Value & ChunkMask];
    }
}
