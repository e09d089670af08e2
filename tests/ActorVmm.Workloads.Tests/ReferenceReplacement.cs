using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Tests;

/// <summary>
/// The textbook's page replacement, written a second time without any kernel: how many faults a page string causes in a memory
/// of so many frames that starts empty. It proves the trace readers, and later the kernel, against the same numbers.
/// </summary>
internal static class ReferenceReplacement
{
    public static int Faults(Replacement policy, IReadOnlyList<ulong> pages, int frames) => policy switch
    {
        Replacement.Fifo => Fifo(pages, frames),
        Replacement.Lru => Lru(pages, frames),
        Replacement.Clock => Clock(pages, frames),
        Replacement.Opt => Opt(pages, frames),
        Replacement.Windows => throw new NotSupportedException("no textbook has Windows' policy"),
    };

    /// <summary>Pages that a program accesses, in order.</summary>
    public static List<ulong> PagesOf(IProgram program)
    {
        var pages = new List<ulong>();
        var scratch = new Operation[256];
        long position = 0;
        while (program.Read(position, scratch) is { Length: > 0 } operations)
        {
            foreach (Operation operation in operations)
            {
                if (operation.IsAccess)
                {
                    pages.Add(operation.Address >> PageSize.Shift);
                }
            }

            position += operations.Length;
        }

        return pages;
    }

    private static int Fifo(IReadOnlyList<ulong> pages, int frames)
    {
        var resident = new HashSet<ulong>();
        var order = new Queue<ulong>();
        int faults = 0;
        foreach (ulong page in pages)
        {
            if (resident.Contains(page))
            {
                continue;
            }

            faults++;
            if (resident.Count == frames)
            {
                resident.Remove(order.Dequeue());
            }

            resident.Add(page);
            order.Enqueue(page);
        }

        return faults;
    }

    private static int Lru(IReadOnlyList<ulong> pages, int frames)
    {
        var nodes = new Dictionary<ulong, LinkedListNode<ulong>>();
        var recency = new LinkedList<ulong>();
        int faults = 0;
        foreach (ulong page in pages)
        {
            if (nodes.TryGetValue(page, out LinkedListNode<ulong>? node))
            {
                recency.Remove(node);
                recency.AddLast(node);
                continue;
            }

            faults++;
            if (nodes.Count == frames)
            {
                nodes.Remove(recency.First!.Value);
                recency.RemoveFirst();
            }

            nodes.Add(page, recency.AddLast(page));
        }

        return faults;
    }

    private static int Clock(IReadOnlyList<ulong> pages, int frames)
    {
        var slots = new ulong[frames];
        var referenced = new bool[frames];
        var slotOf = new Dictionary<ulong, int>();
        int hand = 0;
        int faults = 0;
        foreach (ulong page in pages)
        {
            if (slotOf.TryGetValue(page, out int slot))
            {
                referenced[slot] = true;
                continue;
            }

            faults++;
            if (slotOf.Count == frames)
            {
                for (; referenced[hand]; hand = (hand + 1) % frames)
                {
                    referenced[hand] = false;
                }

                slotOf.Remove(slots[hand]);
            }

            slots[hand] = page;
            referenced[hand] = true;
            slotOf.Add(page, hand);
            hand = (hand + 1) % frames;
        }

        return faults;
    }

    private static int Opt(IReadOnlyList<ulong> pages, int frames)
    {
        var next = new int[pages.Count];
        var seen = new Dictionary<ulong, int>();
        for (int i = pages.Count - 1; i >= 0; i--)
        {
            next[i] = seen.GetValueOrDefault(pages[i], int.MaxValue);
            seen[pages[i]] = i;
        }

        var resident = new Dictionary<ulong, int>();
        var furthest = new PriorityQueue<ulong, int>();
        int faults = 0;
        for (int i = 0; i < pages.Count; i++)
        {
            if (!resident.ContainsKey(pages[i]))
            {
                faults++;
                while (resident.Count == frames)
                {
                    furthest.TryDequeue(out ulong victim, out int when);

                    // Entries of earlier uses are stale: only the latest one of a page counts.
                    if (resident.TryGetValue(victim, out int current) && current == -when)
                    {
                        resident.Remove(victim);
                    }
                }
            }

            resident[pages[i]] = next[i];
            furthest.Enqueue(pages[i], -next[i]);
        }

        return faults;
    }
}
