namespace ActorVmm.Kernel.Sections;

/// <summary>A section object: what handles name. Many may stand for one segment of a file.</summary>
internal struct SectionObject : IEncodable
{
    /// <summary>Who is told that it has been made, until that has happened.</summary>
    public ActorId Asker;

    public uint Request;

    /// <summary>Its name, by number; 0 for none.</summary>
    public uint Name;

    /// <summary>Bytes.</summary>
    public ulong Bytes;

    public SectionAttributes Attributes;

    public PageProtection Protection;

    public int Handles;

    /// <summary>Handles that were made for somebody who found it by name.</summary>
    public uint Opens;

    /// <summary>How many such are to be expected in all, once its name is gone.</summary>
    public uint OpensExpected;

    public ObjectPhase Phase;

    public readonly bool IsOpen => Phase == ObjectPhase.Open;

    public void Encode(StateCodec codec)
    {
        codec.Field("asker", ref Asker);
        codec.Field("request", ref Request);
        codec.Field("name", ref Name);
        codec.Field("bytes", ref Bytes);
        codec.Field("attributes", ref Attributes);
        codec.Field("protection", ref Protection);
        codec.Field("handles", ref Handles);
        codec.Field("opens", ref Opens);
        codec.Field("opens expected", ref OpensExpected);
        codec.Field("phase", ref Phase);
    }
}

/// <summary>How far a section object has come.</summary>
internal enum ObjectPhase : byte
{
    /// <summary>The row is free.</summary>
    Free,

    /// <summary>It waits for its charge, or for where it will be mapped.</summary>
    Forming,

    /// <summary>It can be used.</summary>
    Open,

    /// <summary>Its last handle is closed, and its name is on its way out.</summary>
    LosingName,
}

/// <summary>A view that a process has of a segment.</summary>
internal struct SegmentView : IEncodable
{
    public ActorId Process;
    public ulong First;
    public ulong Pages;

    public void Encode(StateCodec codec)
    {
        codec.Field("process", ref Process);
        codec.Field("first", ref First);
        codec.Field("pages", ref Pages);
    }
}

/// <summary>A subsection of an image.</summary>
internal struct ImageRun : IEncodable
{
    public ulong Offset;
    public uint First;
    public uint Pages;
    public uint Bytes;
    public PageProtection Protection;

    public void Encode(StateCodec codec)
    {
        codec.Field("offset", ref Offset);
        codec.Field("first", ref First);
        codec.Field("pages", ref Pages);
        codec.Field("bytes", ref Bytes);
        codec.Field("protection", ref Protection);
    }
}
