namespace ActorVmm.Runtime;

/// <summary>
/// Vector clocks: of each actor, and of each message on its way, how many messages of every actor were sent in its causal past.
/// They count sends, not turns: of two messages sent in one turn, who has heard the first need not know of the second. Messages
/// from the outside world are concurrent with each other; they carry row 0, which knows nothing.
/// </summary>
internal sealed class CausalPast
{
    private int[] _actors = [];
    private int[] _messages = [];
    private int[] _freeRows = new int[16];
    private int _free;
    private int _rows = 1;
    private int _width;

    /// <summary>Copies what an actor knows into a row for its message number <paramref name="count"/>.</summary>
    public int Remember(ActorId sender, int count)
    {
        if (sender.IsOutside)
        {
            return 0;
        }

        Widen(sender);
        int row = _free > 0 ? _freeRows[--_free] : _rows++;
        if (_messages.Length < _rows * _width)
        {
            Array.Resize(ref _messages, _rows * _width * 2);
        }

        Span<int> known = Actor(sender);
        known[sender.Value] = count - 1;
        known.CopyTo(Row(row));
        known[sender.Value] = count;
        return row;
    }

    public void Forget(int row)
    {
        if (row == 0)
        {
            return;
        }

        if (_free == _freeRows.Length)
        {
            Array.Resize(ref _freeRows, _free * 2);
        }

        _freeRows[_free++] = row;
    }

    /// <summary>A receiver has heard a message, and with it what its sender knew.</summary>
    public void Learn(ActorId receiver, int row, ActorId sender, int count)
    {
        if (row == 0)
        {
            return;
        }

        Widen(receiver);
        Span<int> known = Actor(receiver);
        ReadOnlySpan<int> told = Row(row);
        for (int i = 0; i < known.Length; i++)
        {
            known[i] = Math.Max(known[i], told[i]);
        }

        known[sender.Value] = Math.Max(known[sender.Value], count);
    }

    /// <summary>A created actor knows what its creator knows; the outside world knows nothing.</summary>
    public void Inherit(ActorId creator, ActorId child)
    {
        Widen(child);
        Actor(creator).CopyTo(Actor(child));
    }

    public bool Knows(int row, ActorId sender, int count) => row != 0 && Row(row)[sender.Value] >= count;

    /// <summary>What an actor knows, by id; beyond the end it knows nothing.</summary>
    public ReadOnlySpan<int> KnownTo(ActorId actor) => actor.Value < _width ? Actor(actor) : [];

    /// <summary>What the sender of a message knew.</summary>
    public ReadOnlySpan<int> KnownBehind(int row) => row == 0 ? [] : Row(row);

    public void Encode(StateCodec codec)
    {
        int actors = _actors.Length;
        int messages = _messages.Length;
        codec.Field("width", ref _width);
        codec.Values("actors", ref _actors, ref actors);

        // What was learnt since must not be known to an actor that is created later under the same id.
        Array.Clear(_actors, actors, _actors.Length - actors);
        codec.Field("rows", ref _rows);
        codec.Values("messages", ref _messages, ref messages);
        codec.Values("freeRows", ref _freeRows, ref _free);
    }

    private Span<int> Actor(ActorId id) => _actors.AsSpan(id.Value * _width, _width);

    private Span<int> Row(int row) => _messages.AsSpan(row * _width, _width);

    private void Widen(ActorId id)
    {
        if (id.Value < _width)
        {
            return;
        }

        int width = Math.Max(id.Value + 1, Math.Max(8, _width * 2));
        _actors = Widened(_actors, _width, width, width);
        _messages = Widened(_messages, _width, width, Math.Max(_rows, 8));
        _width = width;
    }

    private static int[] Widened(int[] rows, int from, int to, int count)
    {
        int[] wider = new int[to * count];
        for (int row = 0; from > 0 && row < Math.Min(count, rows.Length / from); row++)
        {
            rows.AsSpan(row * from, from).CopyTo(wider.AsSpan(row * to));
        }

        return wider;
    }
}
