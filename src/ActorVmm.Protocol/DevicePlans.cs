namespace ActorVmm.Protocol;

/// <summary>How a request's bytes get from the requestor to the device, or back (fact book §24).</summary>
public enum BufferMethod : byte
{
    /// <summary>Through a buffer of the system's, to or from which they are copied in the requestor's context.</summary>
    Buffered,

    /// <summary>Through the requestor's own pages, which are locked in its context and mapped into system space.</summary>
    Direct,

    /// <summary>The driver gets the requestor's address and nothing else.</summary>
    Neither,
}

/// <summary>What the driver at the top of a stack does with a buffer that it gets by <see cref="BufferMethod.Neither"/>.</summary>
public enum DriverConduct : byte
{
    /// <summary>Locks its pages while the requestor is current, and maps them (MmProbeAndLockPages, MmGetSystemAddressForMdlSafe).</summary>
    LocksPages,

    /// <summary>Keeps the address, and stores to it when the request is completed, in whatever process is current then.</summary>
    KeepsAddress,

    /// <summary>Locks its pages, and forgets to unlock them.</summary>
    ForgetsToUnlock,
}

/// <summary>A device with the stack of drivers above it: a class driver, filters, a port driver.</summary>
/// <param name="Name">What people call it.</param>
public sealed record DevicePlan(string Name)
{
    /// <summary>Most filters of one stack.</summary>
    public const int MostFilters = 6;

    /// <summary>Filter drivers between the class driver and the port driver, 0 to <see cref="MostFilters"/>.</summary>
    public int Filters { get; init; } = 1;

    public BufferMethod Method { get; init; } = BufferMethod.Direct;

    public DriverConduct Conduct { get; init; }

    /// <summary>Ticks from the start of a request to the interrupt, before <see cref="TicksPerPage"/>.</summary>
    public Distribution Latency { get; init; } = Distribution.Constant(1_000_000);

    /// <summary>Ticks more for each page.</summary>
    public long TicksPerPage { get; init; } = 10_000;

    /// <summary>Requests that the device works on at once.</summary>
    public int QueueDepth { get; init; } = 1;

    /// <summary>I/O request packets for programs, at least 1; a request that finds none fails. Those of paging files come on top.</summary>
    public int Packets { get; init; } = 16;

    /// <summary>Completions in a thousand that come at PASSIVE_LEVEL; the others come in the DPC, at DISPATCH_LEVEL.</summary>
    public int PassiveCompletions { get; init; }

    /// <summary>Whether an exception that the class driver raises is handled by it, so that only its request fails.</summary>
    public bool HandlesExceptions { get; init; } = true;

    /// <summary>Drivers in the stack.</summary>
    public int Depth => Filters + 2;

    /// <summary>What people call the driver of a place in the stack, 0 at the top.</summary>
    public string NodeName(int node) => node == 0 ? "class" : node == Depth - 1 ? "port" : FormattableString.Invariant($"filter{node}");
}
