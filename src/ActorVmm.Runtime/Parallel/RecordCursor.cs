namespace ActorVmm.Runtime.Parallel;

/// <summary>Walks through the recorded runs of a record, piece by piece.</summary>
internal sealed class RecordCursor(IParallelRecording recording)
{
    private IEnumerator<ParallelPiece>? _pieces;
    private ParallelRecord? _piece;
    private int _index;

    /// <summary>The recorded run that is under way, or comes next; null at the end of the record.</summary>
    public RecordedRun? Run { get; private set; }

    /// <summary>Turns before <see cref="Run"/>.</summary>
    public long Start { get; private set; }

    /// <summary>Turns up to its end.</summary>
    public long End => Start + (Run?.Turns ?? 0);

    /// <exception cref="InvalidOperationException">The record does not reach that far.</exception>
    public void GoTo(in RecordPosition position)
    {
        Open(position.Deliveries);
        while (Run is not null && End < position.Deliveries)
        {
            Advance();
        }

        int ended = 0;
        for (; ended < position.Ended && Run is not null && End == position.Deliveries; ended++)
        {
            Advance();
        }

        bool starts = position.InRun ? Run is not null && Start <= position.Deliveries : Start == position.Deliveries;
        if (!starts || ended < position.Ended || position.Heard > (Run?.Inputs.Length ?? 0))
        {
            throw new InvalidOperationException(FormattableString.Invariant($"the record holds no such place as the snapshot's, at delivery {position.Deliveries}"));
        }
    }

    public void Advance()
    {
        Start = End;
        _index++;
        Find();
    }

    private void Open(long delivery)
    {
        _pieces?.Dispose();
        _pieces = recording.From(delivery).GetEnumerator();
        (_piece, _index, Run, Start) = (null, 0, null, 0);
        if (_pieces.MoveNext())
        {
            _piece = Checked(_pieces.Current.Record);
            Start = _pieces.Current.Before;
        }

        Find();
    }

    private void Find()
    {
        while (_piece is not null && _index == _piece.Runs.Length)
        {
            _index = 0;
            _piece = _pieces!.MoveNext() ? Checked(_pieces.Current.Record) : null;
        }

        Run = _piece?.Runs[_index];
    }

    private ParallelRecord Checked(ParallelRecord piece) =>
        piece.Cores == recording.Cores
            ? piece
            : throw new InvalidOperationException(FormattableString.Invariant($"a piece of the record is of {piece.Cores} cores, and the record of {recording.Cores}"));
}
