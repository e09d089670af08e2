using ActorVmm.Protocol;

namespace ActorVmm.Benchmarks.Comparing;

/// <summary>
/// What one would write to count the faults of LRU replacement and nothing else: a list linked through arrays, and an open-addressed
/// table from page to place. No protection, no translation, no bits, no time.
/// </summary>
internal sealed class LruList
{
    private readonly ulong[] _keys;
    private readonly int[] _places;
    private readonly ulong[] _pages;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int _capacity;
    private readonly int _mask;
    private int _count;

    /// <param name="capacity">Pages of memory.</param>
    public LruList(int capacity)
    {
        _capacity = capacity;
        _pages = new ulong[capacity + 1];
        _next = new int[capacity + 1];
        _previous = new int[capacity + 1];
        int slots = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)capacity * 4);
        _keys = new ulong[slots];
        _places = new int[slots];
        _mask = slots - 1;
    }

    public long Faults { get; private set; }

    public void Run(ReadOnlySpan<Operation> trace)
    {
        unchecked
        {
            foreach (ref readonly Operation operation in trace)
            {
                if (operation.IsAccess)
                {
                    Access(operation.Address >> PageSize.Shift);
                }
            }
        }
    }

    private void Access(ulong page)
    {
        unchecked
        {
            // Place 0 is the anchor: its next is the page used longest ago, its previous the latest.
            int previous = _previous[0];
            if (_pages[previous] == page)
            {
                return;
            }

            int slot = Find(page);
            int place = _places[slot];
            if (place == 0)
            {
                Faults++;
                place = _count < _capacity ? ++_count : Evict();
                slot = Find(page);
                _keys[slot] = page;
                _places[slot] = place;
                _pages[place] = page;
            }
            else
            {
                Unlink(place);
            }

            int last = _previous[0];
            _previous[place] = last;
            _next[place] = 0;
            _next[last] = place;
            _previous[0] = place;
        }
    }

    private int Find(ulong page)
    {
        unchecked
        {
            int slot = (int)((page * 0x9E37_79B9_7F4A_7C15) >> 40) & _mask;
            while (_places[slot] != 0 && _keys[slot] != page)
            {
                slot = (slot + 1) & _mask;
            }

            return slot;
        }
    }

    private int Evict()
    {
        unchecked
        {
            int victim = _next[0];
            Unlink(victim);
            int hole = Find(_pages[victim]);
            _places[hole] = 0;
            for (int slot = (hole + 1) & _mask; _places[slot] != 0; slot = (slot + 1) & _mask)
            {
                int moved = _places[slot];
                _places[slot] = 0;
                int free = Find(_keys[slot]);
                _keys[free] = _keys[slot];
                _places[free] = moved;
            }

            return victim;
        }
    }

    private void Unlink(int place)
    {
        int next = _next[place];
        int previous = _previous[place];
        _next[previous] = next;
        _previous[next] = previous;
    }
}
