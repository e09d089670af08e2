namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>What a thread waits for. Every wait ends in a retry of the operation from its beginning (R11).</summary>
internal enum ThreadWait : byte
{
    /// <summary>Nothing: it can run.</summary>
    None,

    /// <summary>As many frames as <see cref="ThreadState.FramesNeeded"/> says.</summary>
    Memory,

    /// <summary>The charge for page tables.</summary>
    TableCharge,

    /// <summary>The answer to a soft fault on <see cref="ThreadState.WaitPage"/>.</summary>
    SoftFault,

    /// <summary>A read from a paging file: <see cref="ThreadState.WaitBlock"/>.</summary>
    InPage,

    /// <summary>Another thread's memory call: address creation is one at a time.</summary>
    AddressCreation,

    /// <summary>The commitment its own memory call has asked for.</summary>
    Commit,

    /// <summary>The charge for the next guard pages of its stack.</summary>
    StackCharge,

    /// <summary>A timer.</summary>
    Pause,

    /// <summary>Words of its call that have not come yet.</summary>
    Words,

    /// <summary>A page of a section: <see cref="ThreadState.WaitPage"/>.</summary>
    Prototype,

    /// <summary>Its own load or store, which a section carries out.</summary>
    SharedAccess,

    /// <summary>What a section says to its memory call.</summary>
    SectionCall,

    /// <summary>Somebody outside the process who carries on with its call.</summary>
    Partner,

    /// <summary>It has ended.</summary>
    Ended,
}

/// <summary>How far the fault of a thread's present access has got.</summary>
internal enum FaultProgress : byte
{
    None,

    /// <summary>Dispatched, but what it found could not be acted on yet.</summary>
    Opened,

    /// <summary>Its kind is known and counted.</summary>
    Counted,
}

/// <summary>
/// A thread: a position in its program, and what it waits for. A visitor is a thread of one operation, carried out for somebody
/// outside the process (<see cref="Visitor"/>).
/// </summary>
internal struct ThreadState : IEncodable
{
    public long Position;
    public Vpn WaitPage;

    /// <summary>The page of the present fault.</summary>
    public Vpn FaultPage;

    public int WaitBlock;
    public ThreadWait Wait;
    public FaultProgress Fault;

    /// <summary>Memory was short when it last tried (for the fact that says so).</summary>
    public bool ShortOfMemory;

    /// <summary>How many frames the process must keep ready for it to go on, 1 to 6, when it waits for memory.</summary>
    public byte FramesNeeded;

    /// <summary>The present access ends with this exception instead of being retried.</summary>
    public NtStatus Exception;

    public TimerId Timer;

    /// <summary>Of an access that a section carries out: what was loaded.</summary>
    public ulong SharedValue;

    /// <summary>The section has carried out the access.</summary>
    public bool SharedDone;

    public void Encode(StateCodec codec)
    {
        codec.Field("position", ref Position);
        codec.Field("wait page", ref WaitPage);
        codec.Field("fault page", ref FaultPage);
        codec.Field("wait block", ref WaitBlock);
        codec.Field("wait", ref Wait);
        codec.Field("fault", ref Fault);
        codec.Field("short of memory", ref ShortOfMemory);
        codec.Field("frames needed", ref FramesNeeded);
        codec.Field("exception", ref Exception);
        codec.Field("timer", ref Timer);
        codec.Field("shared value", ref SharedValue);
        codec.Field("shared done", ref SharedDone);
    }
}
