using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>
/// A textbook's reference string: page numbers, decimal, separated by commas, blanks or lines; `w` directly after a number
/// makes it a store, `r` or nothing a load; `#` starts a comment to the end of its line. Page n stands at address
/// (n + 16) × 4096, because the first 64 KB of user memory are never usable: page 0 is as good as any other.
/// </summary>
internal sealed class RefsParser : TraceParser
{
    /// <summary>How far pages are moved up, in pages.</summary>
    public const ulong FirstPage = PageSize.GranularityPages;

    private readonly ulong _lastPage = (VirtualAddress.HighestUser.Value >> PageSize.Shift) - FirstPage;
    private readonly OperationSink _sink;
    private readonly Footprint _footprint;

    private State _state;
    private ulong _page;
    private int _column;

    public RefsParser(string file, TraceThreads threads)
        : base(file, threads)
    {
        TracedThread thread = threads.Find(new TraceThreadKey(1, 1));
        _sink = thread.Sink;
        _footprint = thread.Process.Footprint;
    }

    private enum State : byte
    {
        Between,
        Number,
        AfterLetter,
        Comment,
    }

    public override int Parse(ReadOnlySpan<byte> block, bool last)
    {
        for (int i = 0; i < block.Length; i++)
        {
            byte value = block[i];
            _column = unchecked(_column + 1);
            if (_state == State.Comment && value != '\n')
            {
                continue;
            }

            switch (value)
            {
                case >= (byte)'0' and <= (byte)'9' when _state is State.Between or State.Number:
                    _page = ((_state == State.Between ? 0 : _page) * 10) + (uint)(value - '0');
                    _state = State.Number;
                    if (_page > _lastPage)
                    {
                        throw Error(_column, "a page number is at most 34,359,738,334", block[i..]);
                    }

                    break;
                case (byte)'w' or (byte)'W' when _state == State.Number:
                    Touch(OperationKind.Write);
                    break;
                case (byte)'r' or (byte)'R' when _state == State.Number:
                    Touch(OperationKind.Read);
                    break;
                case (byte)',' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)'#':
                    End();
                    if (value == '\n')
                    {
                        Line++;
                        _column = 0;
                    }
                    else if (value == '#')
                    {
                        Ignore("comment");
                        _state = State.Comment;
                    }

                    break;
                default:
                    throw Error(_column, "expected page numbers separated by commas, blanks or lines, `w` directly after a number for a write", block[i..]);
            }
        }

        if (last)
        {
            End();
            Line += _column > 0 ? 1 : 0;
        }

        return block.Length;
    }

    private void End()
    {
        if (_state == State.Number)
        {
            Touch(OperationKind.Read);
        }

        _state = State.Between;
    }

    private void Touch(OperationKind kind)
    {
        ulong page = _page + FirstPage;
        _footprint.Touch(page);
        _sink.Add(new Operation(kind, page << PageSize.Shift, 1));
        _state = State.AfterLetter;
    }
}
