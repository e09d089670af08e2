namespace ActorVmm.Explorer.Dpor;

/// <summary>
/// For causal delivery: of each turn, how many messages of every actor it could know to have been sent. It counts sends, not
/// turns, as the host does: of two messages sent in one turn, who has heard the first need not know of the second.
/// </summary>
internal sealed class SendKnowledge
{
    private int[] _known = new int[64];
    private int _width;

    public void Compute(ExecutionRecord record)
    {
        _width = 1;
        for (int turn = 0; turn < record.Count; turn++)
        {
            _width = Math.Max(_width, record[turn].Actor.Value + 1);
        }

        if (_known.Length < _width * record.Count)
        {
            _known = new int[_width * record.Count * 2];
        }

        for (int turn = 0; turn < record.Count; turn++)
        {
            ref readonly RecordedTurn taken = ref record[turn];
            Span<int> known = Row(turn);
            known.Clear();
            Learn(known, taken.Previous);
            Learn(known, taken.Cause);
            if (taken.Cause >= 0)
            {
                known[taken.Sender.Value] = Math.Max(known[taken.Sender.Value], taken.Name.Count);
            }
        }
    }

    /// <summary>Whether what <paramref name="later"/> heard was sent by one who could know that what <paramref name="earlier"/> heard had been.</summary>
    public bool Knows(in RecordedTurn later, in RecordedTurn earlier) =>
        later.Cause >= 0 && Knows(later.Cause, in earlier);

    /// <summary>The same of whatever a turn sent.</summary>
    public bool Knows(int turn, in RecordedTurn earlier) =>
        !earlier.Sender.IsOutside && Row(turn)[earlier.Sender.Value] >= earlier.Name.Count;

    private void Learn(Span<int> known, int turn)
    {
        if (turn >= 0)
        {
            ReadOnlySpan<int> told = Row(turn);
            for (int actor = 0; actor < known.Length; actor++)
            {
                known[actor] = Math.Max(known[actor], told[actor]);
            }
        }
    }

    private Span<int> Row(int turn) => _known.AsSpan(turn * _width, _width);
}
