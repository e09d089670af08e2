namespace ActorVmm.Kernel.Files;

/// <summary>One read or write on the device of a file, waiting in its queue or under way.</summary>
internal struct FileTransfer : IEncodable
{
    /// <summary>The first byte.</summary>
    public ulong Offset;

    /// <summary>How many, of a read; the rest of its pages is zero.</summary>
    public ulong Bytes;

    /// <summary>The frames, and for a write what they held when they were handed over; none for the request at hand.</summary>
    public MdlId Mdl;

    public int Pages;

    /// <summary>Who is answered.</summary>
    public ActorId Asker;

    /// <summary>The asker's number for it.</summary>
    public uint Number;

    public bool IsWrite;

    /// <summary>Decided when the transfer starts.</summary>
    public NtStatus Status;

    public void Encode(StateCodec codec)
    {
        codec.Field("offset", ref Offset);
        codec.Field("bytes", ref Bytes);
        codec.Field("row", ref Mdl);
        codec.Field("pages", ref Pages);
        codec.Field("asker", ref Asker);
        codec.Field("number", ref Number);
        codec.Field("write", ref IsWrite);
        codec.Field("status", ref Status);
    }
}
