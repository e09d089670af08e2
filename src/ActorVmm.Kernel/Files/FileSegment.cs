namespace ActorVmm.Kernel.Files;

/// <summary>What a file knows of one of its segments: one holds its data, another its image.</summary>
internal struct FileSegment : IEncodable
{
    /// <summary>The actor; outside while there is none.</summary>
    public ActorId Section;

    /// <summary>Section objects the file has asked it to form.</summary>
    public uint Forms;

    /// <summary>How many it had heard of when it said that nobody uses it any more; looked at between two requests.</summary>
    public uint IdleForms;

    /// <summary>Whether it has said so.</summary>
    public bool SaidIdle;

    public readonly bool Exists => !Section.IsOutside;

    public void Encode(StateCodec codec)
    {
        codec.Field("section", ref Section);
        codec.Field("forms", ref Forms);
        codec.Field("idle forms", ref IdleForms);
        codec.Field("said idle", ref SaidIdle);
    }
}
