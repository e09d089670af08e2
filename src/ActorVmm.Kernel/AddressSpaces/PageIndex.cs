using System.Runtime.CompilerServices;

namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// Finds rows of a table by a 64-bit key that stands in the row itself: open addressing over row numbers, no removal. It is
/// derived from the rows and never iterated, so it adds nothing to the state.
/// </summary>
internal struct PageIndex
{
    private int[] _slots;
    private int _mask;
    private int _count;

    public PageIndex(int capacity)
    {
        _slots = new int[capacity];
        _mask = capacity - 1;
        _count = 0;
    }

    /// <summary>The row with this key, or −1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Find(ulong key, ulong[] keys)
    {
        int row = _slots[Start(key)] - 1;
        return unchecked((uint)row) < (uint)keys.Length && keys[row] == key ? row : FindFurther(key, keys);
    }

    private readonly int FindFurther(ulong key, ulong[] keys)
    {
        int at = Start(key);
        while (true)
        {
            int row = _slots[at] - 1;
            if (row < 0 || keys[row] == key)
            {
                return row;
            }

            at = (at + 1) & _mask;
        }
    }

    /// <summary>Enters row <paramref name="row"/>, whose key is the last of <paramref name="keys"/>.</summary>
    public void Add(int row, ReadOnlySpan<ulong> keys)
    {
        if ((_count + 1) * 4 > _slots.Length * 3)
        {
            Rebuild(keys[..row], _slots.Length * 2);
        }

        Enter(row, keys[row]);
    }

    /// <summary>Makes the index anew for all of <paramref name="keys"/>.</summary>
    public void Rebuild(ReadOnlySpan<ulong> keys, int capacity = 4)
    {
        while (keys.Length * 4 > capacity * 3)
        {
            capacity *= 2;
        }

        _slots = new int[capacity];
        _mask = capacity - 1;
        _count = 0;
        for (int row = 0; row < keys.Length; row++)
        {
            Enter(row, keys[row]);
        }
    }

    private void Enter(int row, ulong key)
    {
        int at = Start(key);
        while (_slots[at] != 0)
        {
            at = (at + 1) & _mask;
        }

        _slots[at] = row + 1;
        _count++;
    }

    private readonly int Start(ulong key) => (int)(unchecked(key * 0x9E37_79B9_7F4A_7C15) >> 40) & _mask;
}
