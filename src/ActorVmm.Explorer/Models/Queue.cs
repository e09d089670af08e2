namespace ActorVmm.Explorer.Models;

/// <summary>A short list of numbers, oldest first, of known greatest length.</summary>
internal sealed class Queue(int most)
{
    private int[] _items = new int[Math.Max(most, 1)];
    private int _count;

    public int Count => _count;

    public void Add(int item) => _items[_count++] = item;

    /// <summary>Takes the oldest out.</summary>
    public int Take()
    {
        int item = _items[0];
        RemoveAt(0);
        return item;
    }

    /// <summary>Takes an item out that need not be there.</summary>
    public void Remove(int item)
    {
        int at = _items.AsSpan(0, _count).IndexOf(item);
        if (at >= 0)
        {
            RemoveAt(at);
        }
    }

    public void Encode(StateCodec codec) => codec.Values("queue", ref _items, ref _count);

    private void RemoveAt(int at) => Array.Copy(_items, at + 1, _items, at, --_count - at);
}
