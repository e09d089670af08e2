namespace ActorVmm.Protocol;

// Frames that fail, as their process hears and tells of them (fact book §15.3, any → Bad).

/// <summary>A frame of the process has failed. A clean page in it is read again; the contents of a modified one are gone.</summary>
public readonly record struct FrameHasFailed(Pfn Pfn) : IMessage
{
    public const int Kind = 170;

    static int IMessage.Kind => Kind;
}

/// <summary>
/// The process has learned that the contents of a page are gone with the frame they were in: every access to it raises IN_PAGE_ERROR, until
/// the page is given up.
/// </summary>
public readonly record struct ContentsLost(Vpn Vpn, Pfn Pfn, uint Reserved) : IFact
{
    public const int Kind = 170;

    static int IFact.Kind => Kind;
}
