namespace ActorVmm.Protocol;

// What the ZeroPageThread hears.

/// <summary>There are enough free pages to be worth zeroing.</summary>
public readonly record struct FreePagesAvailable(int Free) : IMessage
{
    public static int Kind => 500;
}

/// <summary>Answers <see cref="TakeFree"/>: these frames are off every list and not available until they come back zeroed.</summary>
public readonly record struct FreePagesTaken(FrameBatch Frames) : IMessage
{
    public static int Kind => 501;
}

// What the ZeroPageThread states.

/// <summary>Frames were filled with zeros.</summary>
public readonly record struct PagesZeroed(int Count) : IFact
{
    public static int Kind => 500;
}
