namespace ActorVmm.Kernel.Frames;

/// <summary>
/// A doubly linked list of frames through the PFN database. Pages are taken from the head; where they are inserted is the list's
/// rule (fact book §15.2).
/// </summary>
internal struct PageList : IEncodable
{
    public Pfn Head;
    public Pfn Tail;
    public int Count;

    public static PageList Empty => new() { Head = Pfn.None, Tail = Pfn.None };

    public void AddHead(PfnEntry[] entries, Pfn frame)
    {
        ref PfnEntry entry = ref entries[frame.Value];
        entry.Previous = Pfn.None;
        entry.Next = Head;
        if (Head.IsNone)
        {
            Tail = frame;
        }
        else
        {
            entries[Head.Value].Previous = frame;
        }

        Head = frame;
        Count++;
    }

    public void AddTail(PfnEntry[] entries, Pfn frame)
    {
        ref PfnEntry entry = ref entries[frame.Value];
        entry.Next = Pfn.None;
        entry.Previous = Tail;
        if (Tail.IsNone)
        {
            Head = frame;
        }
        else
        {
            entries[Tail.Value].Next = frame;
        }

        Tail = frame;
        Count++;
    }

    public void Remove(PfnEntry[] entries, Pfn frame)
    {
        ref PfnEntry entry = ref entries[frame.Value];
        if (entry.Previous.IsNone)
        {
            Head = entry.Next;
        }
        else
        {
            entries[entry.Previous.Value].Next = entry.Next;
        }

        if (entry.Next.IsNone)
        {
            Tail = entry.Previous;
        }
        else
        {
            entries[entry.Next.Value].Previous = entry.Previous;
        }

        entry.Next = Pfn.None;
        entry.Previous = Pfn.None;
        Count--;
    }

    public void Encode(StateCodec codec)
    {
        codec.Field("head", ref Head);
        codec.Field("tail", ref Tail);
        codec.Field("count", ref Count);
    }
}
