namespace ActorVmm.Explorer.Catalogue.Cast;

/// <summary>A thread touched a page that is not there.</summary>
internal readonly record struct Fault : IMessage
{
    public const int Kind = 11_000;

    static int IMessage.Kind => Kind;
}

/// <summary>What was asked for is done; the thread goes on.</summary>
internal readonly record struct Ok : IMessage
{
    public const int Kind = 11_001;

    static int IMessage.Kind => Kind;
}

/// <summary>It cannot be done; the thread is told so.</summary>
internal readonly record struct Failed : IMessage
{
    public const int Kind = 11_002;

    static int IMessage.Kind => Kind;
}

/// <summary>Things have changed: look again from the beginning.</summary>
internal readonly record struct Retry : IMessage
{
    public const int Kind = 11_003;

    static int IMessage.Kind => Kind;
}

/// <summary>A store to a page.</summary>
internal readonly record struct Store : IMessage
{
    public const int Kind = 11_004;

    static int IMessage.Kind => Kind;
}

/// <summary>A load from a page.</summary>
internal readonly record struct Load : IMessage
{
    public const int Kind = 11_005;

    static int IMessage.Kind => Kind;
}

/// <summary>The load or store has been carried out; the instruction is over.</summary>
internal readonly record struct Accessed : IMessage
{
    public const int Kind = 11_006;

    static int IMessage.Kind => Kind;
}

/// <summary>Bring a page in.</summary>
internal readonly record struct Read(int Tag) : IMessage
{
    public const int Kind = 11_007;

    static int IMessage.Kind => Kind;
}

/// <summary>The page is in memory. It has the tag that the read had.</summary>
internal readonly record struct ReadDone(int Tag, int Version) : IMessage
{
    public const int Kind = 11_008;

    static int IMessage.Kind => Kind;
}

/// <summary>Put a page out.</summary>
internal readonly record struct Write(int Version) : IMessage
{
    public const int Kind = 11_009;

    static int IMessage.Kind => Kind;
}

/// <summary>Take the page out of the working set.</summary>
internal readonly record struct Trim : IMessage
{
    public const int Kind = 11_010;

    static int IMessage.Kind => Kind;
}

/// <summary>Make the page valid there.</summary>
internal readonly record struct Map(int Page) : IMessage
{
    public const int Kind = 11_011;

    static int IMessage.Kind => Kind;
}

/// <summary>Take the mapping away.</summary>
internal readonly record struct Unmap : IMessage
{
    public const int Kind = 11_012;

    static int IMessage.Kind => Kind;
}

/// <summary>The mapping is gone; whether it had been stored through.</summary>
internal readonly record struct Unmapped(int Dirty) : IMessage
{
    public const int Kind = 11_013;

    static int IMessage.Kind => Kind;
}

/// <summary>Change the protection of the page.</summary>
internal readonly record struct Protect : IMessage
{
    public const int Kind = 11_014;

    static int IMessage.Kind => Kind;
}

/// <summary>Forget the cached translation.</summary>
internal readonly record struct Flush : IMessage
{
    public const int Kind = 11_015;

    static int IMessage.Kind => Kind;
}

/// <summary>The translation is forgotten; whether it had been stored through.</summary>
internal readonly record struct Acknowledge(int Dirty) : IMessage
{
    public const int Kind = 11_016;

    static int IMessage.Kind => Kind;
}

/// <summary>A frame is needed.</summary>
internal readonly record struct Alloc(int For) : IMessage
{
    public const int Kind = 11_017;

    static int IMessage.Kind => Kind;
}

/// <summary>Here it is: a frame, or a lock.</summary>
internal readonly record struct Granted(int For) : IMessage
{
    public const int Kind = 11_018;

    static int IMessage.Kind => Kind;
}

/// <summary>The frame is not needed any more.</summary>
internal readonly record struct Free(int Frame) : IMessage
{
    public const int Kind = 11_019;

    static int IMessage.Kind => Kind;
}

/// <summary>What is there now?</summary>
internal readonly record struct Look : IMessage
{
    public const int Kind = 11_020;

    static int IMessage.Kind => Kind;
}

/// <summary>What is there.</summary>
internal readonly record struct Found(int What) : IMessage
{
    public const int Kind = 11_021;

    static int IMessage.Kind => Kind;
}

/// <summary>Put this there, if it is still as it was.</summary>
internal readonly record struct Install(int Generation, int What) : IMessage
{
    public const int Kind = 11_022;

    static int IMessage.Kind => Kind;
}

/// <summary>One holder fewer.</summary>
internal readonly record struct Drop : IMessage
{
    public const int Kind = 11_023;

    static int IMessage.Kind => Kind;
}

/// <summary>One holder more.</summary>
internal readonly record struct Share : IMessage
{
    public const int Kind = 11_024;

    static int IMessage.Kind => Kind;
}

/// <summary>Keep it from going away.</summary>
internal readonly record struct Hold : IMessage
{
    public const int Kind = 11_025;

    static int IMessage.Kind => Kind;
}

/// <summary>It will not go away until it is used.</summary>
internal readonly record struct Held : IMessage
{
    public const int Kind = 11_026;

    static int IMessage.Kind => Kind;
}

/// <summary>Use it and let it go.</summary>
internal readonly record struct Use(int What) : IMessage
{
    public const int Kind = 11_027;

    static int IMessage.Kind => Kind;
}

/// <summary>Take it away for good.</summary>
internal readonly record struct Remove : IMessage
{
    public const int Kind = 11_028;

    static int IMessage.Kind => Kind;
}

/// <summary>The process ends.</summary>
internal readonly record struct Exit : IMessage
{
    public const int Kind = 11_029;

    static int IMessage.Kind => Kind;
}

/// <summary>Wait for the lock and take it.</summary>
internal readonly record struct Enter : IMessage
{
    public const int Kind = 11_030;

    static int IMessage.Kind => Kind;
}

/// <summary>Let the lock go.</summary>
internal readonly record struct Leave : IMessage
{
    public const int Kind = 11_031;

    static int IMessage.Kind => Kind;
}

/// <summary>Give up the contents of the page.</summary>
internal readonly record struct Discard : IMessage
{
    public const int Kind = 11_032;

    static int IMessage.Kind => Kind;
}

/// <summary>What was waited for has happened.</summary>
internal readonly record struct Wake : IMessage
{
    public const int Kind = 11_033;

    static int IMessage.Kind => Kind;
}

/// <summary>Move it elsewhere.</summary>
internal readonly record struct Move : IMessage
{
    public const int Kind = 11_034;

    static int IMessage.Kind => Kind;
}

/// <summary>It is in its place; what is left over.</summary>
internal readonly record struct Placed(int Rest) : IMessage
{
    public const int Kind = 11_035;

    static int IMessage.Kind => Kind;
}

/// <summary>The page is off the list.</summary>
internal readonly record struct TakenOff(int Page) : IMessage
{
    public const int Kind = 11_036;

    static int IMessage.Kind => Kind;
}

/// <summary>There is no frame; one will come.</summary>
internal readonly record struct NoMemory : IMessage
{
    public const int Kind = 11_037;

    static int IMessage.Kind => Kind;
}
