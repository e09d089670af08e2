namespace ActorVmm.Kernel.Files;

/// <summary>A file that somebody has opened: what a handle stands for.</summary>
internal struct FileObject : IEncodable
{
    /// <summary>Whether this row is in use.</summary>
    public bool IsOpen;

    public FileRights Rights;

    /// <summary>The file goes when this is closed, and nobody else has it open.</summary>
    public bool DeletesOnClose;

    /// <summary>Where the next transfer begins, in bytes.</summary>
    public ulong Position;

    public void Encode(StateCodec codec)
    {
        codec.Field("open", ref IsOpen);
        codec.Field("rights", ref Rights);
        codec.Field("deletes on close", ref DeletesOnClose);
        codec.Field("position", ref Position);
    }
}
