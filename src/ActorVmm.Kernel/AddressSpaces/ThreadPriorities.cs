namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>Page priorities that threads of a process have set for themselves (SetThreadInformation, fact book §22): 0 to 7, by thread.</summary>
internal sealed class ThreadPriorities : IEncodable
{
    private const byte NotSet = byte.MaxValue;

    private byte[] _priorities = [];
    private int _count;

    public void Set(int thread, byte priority)
    {
        if (thread >= _count)
        {
            Array.Resize(ref _priorities, thread + 1);
            Array.Fill(_priorities, NotSet, _count, thread + 1 - _count);
            _count = thread + 1;
        }

        _priorities[thread] = priority;
    }

    /// <summary>What the thread has set; −1 when it has set nothing.</summary>
    public int Of(int thread) => thread < _count && _priorities[thread] != NotSet ? _priorities[thread] : -1;

    public void Encode(StateCodec codec) => codec.Values("priorities", ref _priorities, ref _count);
}
