namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>Where the kernel stack of a thread is.</summary>
internal enum StackPlace : byte
{
    /// <summary>It has none yet, or none any more.</summary>
    Nowhere,

    /// <summary>It exists, and some of its pages are not in memory.</summary>
    Out,

    /// <summary>All of it is in memory, and stays there.</summary>
    Resident,
}

/// <summary>The kernel stacks of a process's threads.</summary>
internal sealed class KernelStacks : IEncodable
{
    private KernelStack[] _stacks = [];
    private int _count;

    public int Count => _count;

    public ref KernelStack this[int thread]
    {
        get
        {
            if (thread >= _count)
            {
                Array.Resize(ref _stacks, thread + 1);
                _count = thread + 1;
            }

            return ref _stacks[thread];
        }
    }

    public void Encode(StateCodec codec) => codec.Rows("stacks", ref _stacks, ref _count);
}

/// <summary>The kernel stack of one thread.</summary>
internal struct KernelStack : IEncodable
{
    public StackPlace Place;

    /// <summary>Which of the thread's waits the timer is about.</summary>
    public int Wait;

    /// <summary>Whether a timer runs after which it may leave memory.</summary>
    public bool Timed;

    public TimerId Timer;

    public void Encode(StateCodec codec)
    {
        codec.Field("place", ref Place);
        codec.Field("wait", ref Wait);
        codec.Field("timed", ref Timed);
        codec.Field("timer", ref Timer);
    }
}
