using System.Runtime.CompilerServices;

namespace ActorVmm.Specifications.Known;

/// <summary>
/// A hash table in one array, keyed by a process and a number (a page, a thread, a block). It allocates only when it grows, and
/// removal leaves no tombstones. Its order never leaves it: nothing enumerates it.
/// </summary>
public sealed class FlatMap<TValue>
    where TValue : unmanaged
{
    private Cell[] _cells = new Cell[16];
    private int _mask = 15;

    public int Count { get; private set; }

    /// <summary>The value of a key; a null reference when there is none.</summary>
    public ref TValue Find(int process, ulong number)
    {
        Cell[] cells = _cells;
        for (int at = Home(process, number); cells[at].Used; at = (at + 1) & _mask)
        {
            if (cells[at].Number == number && cells[at].Process == process)
            {
                return ref cells[at].Value;
            }
        }

        return ref Unsafe.NullRef<TValue>();
    }

    /// <summary>The value of a key, made if there is none.</summary>
    public ref TValue Put(int process, ulong number)
    {
        ref TValue found = ref Find(process, number);
        if (!Unsafe.IsNullRef(ref found))
        {
            return ref found;
        }

        if (Count * 2 >= _cells.Length)
        {
            Grow();
        }

        Count++;
        int at = Home(process, number);
        while (_cells[at].Used)
        {
            at = (at + 1) & _mask;
        }

        ref Cell cell = ref _cells[at];
        cell.Process = process;
        cell.Number = number;
        cell.Used = true;
        cell.Value = default;
        return ref cell.Value;
    }

    public bool Contains(int process, ulong number) => !Unsafe.IsNullRef(ref Find(process, number));

    public bool Remove(int process, ulong number)
    {
        int at = Home(process, number);
        while (_cells[at].Used && (_cells[at].Number != number || _cells[at].Process != process))
        {
            at = (at + 1) & _mask;
        }

        if (!_cells[at].Used)
        {
            return false;
        }

        // Those behind the gap move up, unless that would put them before their home.
        int next = at;
        while (true)
        {
            next = (next + 1) & _mask;
            if (!_cells[next].Used)
            {
                break;
            }

            int home = Home(_cells[next].Process, _cells[next].Number);
            if (((next - home) & _mask) >= ((next - at) & _mask))
            {
                _cells[at] = _cells[next];
                at = next;
            }
        }

        _cells[at].Used = false;
        Count--;
        return true;
    }

    private void Grow()
    {
        Cell[] old = _cells;
        _cells = new Cell[old.Length * 2];
        _mask = _cells.Length - 1;
        foreach (ref readonly Cell cell in old.AsSpan())
        {
            if (cell.Used)
            {
                int at = Home(cell.Process, cell.Number);
                while (_cells[at].Used)
                {
                    at = (at + 1) & _mask;
                }

                _cells[at] = cell;
            }
        }
    }

    /// <summary>
    /// Eight neighbouring pages of a process live in neighbouring cells: programs walk memory in order, and caches like that. Longer
    /// rows would grow together, and every removal goes to the end of its row.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Home(int process, ulong number) =>
        unchecked((int)(number + (Mix.Spread((ulong)(uint)process ^ ((number >> 3) << 32)) << 3))) & _mask;

    private struct Cell
    {
        public ulong Number;
        public TValue Value;
        public int Process;
        public bool Used;
    }
}
