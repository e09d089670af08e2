namespace ActorVmm.Kernel.Files;

/// <summary>What is asked of a file; one after the other, as under the file's main resource.</summary>
internal enum FileRequestKind : byte
{
    None,
    Open,
    Close,
    SetLength,
    SetDisposition,
    Load,
    Transfer,
    Section,
}

/// <summary>How far a request has got.</summary>
internal enum FileRequestPhase : byte
{
    /// <summary>Nothing was looked at yet.</summary>
    Begins,

    /// <summary>Segments were asked whether it may be.</summary>
    Asks,

    /// <summary>They agree.</summary>
    Agreed,

    /// <summary>Bytes move, by the device or through the data segment.</summary>
    Moves,
}

/// <summary>A request to a file with its arguments, waiting or under way.</summary>
internal struct FileRequest : IEncodable
{
    public FileRequestKind Kind;
    public FileRequestPhase Phase;
    public FileOpening Opening;
    public FileRights Rights;

    /// <summary>Who is answered.</summary>
    public ActorId Asker;

    /// <summary>The asker's number.</summary>
    public uint Number;

    /// <summary>The file object it comes through.</summary>
    public int Object;

    /// <summary>A length, or where bytes are.</summary>
    public ulong Offset;

    /// <summary>How many bytes; 1 for "delete".</summary>
    public ulong Bytes;

    /// <summary>How many have been moved.</summary>
    public ulong Done;

    /// <summary>The row with them.</summary>
    public MdlId Mdl;

    public bool IsWrite;

    /// <summary>Of a new section.</summary>
    public uint Name;

    public SectionAttributes Attributes;
    public PageProtection Protection;

    /// <summary>Segments that have not answered yet.</summary>
    public int Unanswered;

    /// <summary>The first refusal.</summary>
    public NtStatus Refused;

    /// <summary>A value that was read.</summary>
    public ulong Value;

    public void Encode(StateCodec codec)
    {
        codec.Field("kind", ref Kind);
        codec.Field("phase", ref Phase);
        codec.Field("opening", ref Opening);
        codec.Field("rights", ref Rights);
        codec.Field("asker", ref Asker);
        codec.Field("number", ref Number);
        codec.Field("object", ref Object);
        codec.Field("offset", ref Offset);
        codec.Field("bytes", ref Bytes);
        codec.Field("done", ref Done);
        codec.Field("row", ref Mdl);
        codec.Field("write", ref IsWrite);
        codec.Field("name", ref Name);
        codec.Field("attributes", ref Attributes);
        codec.Field("protection", ref Protection);
        codec.Field("unanswered", ref Unanswered);
        codec.Field("refused", ref Refused);
        codec.Field("value", ref Value);
    }
}
