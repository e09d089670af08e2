namespace ActorVmm.Kernel.PagingFiles;

/// <summary>One read or write of adjacent slots, waiting in the device's queue or under way.</summary>
internal struct Transfer : IEncodable
{
    /// <summary>The first slot's page.</summary>
    public uint First;

    public int Count;

    /// <summary>The frames, and for a write what they held when they were handed over.</summary>
    public MdlId Mdl;

    /// <summary>Who is answered.</summary>
    public ActorId Asker;

    /// <summary>The in-page block of a read, given back with the answer.</summary>
    public int Block;

    public bool IsWrite;

    /// <summary>Decided when the transfer starts.</summary>
    public NtStatus Status;

    public void Encode(StateCodec codec)
    {
        codec.Field("first", ref First);
        codec.Field("count", ref Count);
        codec.Field("mdl", ref Mdl);
        codec.Field("asker", ref Asker);
        codec.Field("block", ref Block);
        codec.Field("write", ref IsWrite);
        codec.Field("status", ref Status);
    }
}
