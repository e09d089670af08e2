namespace ActorVmm.Explorer.Dpor;

/// <summary>
/// The sequences of deliveries that are still to be explored, shared beginnings once. Nodes lie in arrays; 0 is no node. A place
/// on the path owns a list of siblings, each the first delivery of sequences to be explored from there.
/// </summary>
internal sealed class WakeupTree
{
    private Node[] _nodes = new Node[64];
    private int _count = 1;
    private int _free;

    public ref readonly Step this[int node] => ref _nodes[node].Step;

    public int FirstChild(int node) => _nodes[node].FirstChild;

    public int Next(int node) => _nodes[node].Next;

    /// <summary>Adds a node behind the last of a list.</summary>
    /// <param name="list">The list's first node; 0 when it is empty, and then set.</param>
    /// <param name="step">What the node stands for.</param>
    public int Append(ref int list, in Step step)
    {
        int added = Take(in step);
        if (list == 0)
        {
            list = added;
            return added;
        }

        int last = list;
        while (_nodes[last].Next != 0)
        {
            last = _nodes[last].Next;
        }

        _nodes[last].Next = added;
        return added;
    }

    /// <summary>Adds a node below another, behind its other children.</summary>
    public int AppendChild(int node, in Step step)
    {
        int list = _nodes[node].FirstChild;
        int added = Append(ref list, in step);
        _nodes[node].FirstChild = list;
        return added;
    }

    /// <summary>Takes the first node out of a list.</summary>
    /// <param name="list">The list, which goes on with the next.</param>
    /// <param name="following">The node's children, now a list of their own.</param>
    public Step TakeFirst(ref int list, out int following)
    {
        int taken = list;
        ref Node node = ref _nodes[taken];
        Step step = node.Step;
        following = node.FirstChild;
        list = node.Next;
        node = default;
        node.Next = _free;
        _free = taken;
        return step;
    }

    /// <summary>Forgets a list with all that is below it.</summary>
    public void Drop(ref int list)
    {
        while (list != 0)
        {
            TakeFirst(ref list, out int following);
            Drop(ref following);
        }
    }

    /// <summary>How many siblings there are in a list.</summary>
    public int CountOf(int list)
    {
        int count = 0;
        for (int node = list; node != 0; node = _nodes[node].Next)
        {
            count++;
        }

        return count;
    }

    private int Take(in Step step)
    {
        int taken = _free;
        if (taken != 0)
        {
            _free = _nodes[taken].Next;
        }
        else
        {
            if (_count == _nodes.Length)
            {
                Array.Resize(ref _nodes, _count * 2);
            }

            taken = _count++;
        }

        _nodes[taken] = new Node { Step = step };
        return taken;
    }

    private struct Node
    {
        public Step Step;
        public int FirstChild;
        public int Next;
    }
}
