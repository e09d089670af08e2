namespace ActorVmm.Protocol;

// What the ZeroPageThread hears.

/// <summary>There are enough free pages to be worth zeroing.</summary>
public readonly record struct FreePagesAvailable(int Free) : IMessage
{
    public const int Kind = 500;

    static int IMessage.Kind => Kind;
}

/// <summary>Answers <see cref="TakeFree"/>: these frames are off every list and not available until they come back zeroed.</summary>
public readonly record struct FreePagesTaken(FrameBatch Frames) : IMessage
{
    public const int Kind = 501;

    static int IMessage.Kind => Kind;
}

// What the ZeroPageThread states.

/// <summary>Frames were filled with zeros.</summary>
public readonly record struct PagesZeroed(int Count) : IFact
{
    public const int Kind = 500;

    static int IFact.Kind => Kind;
}
