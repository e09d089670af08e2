namespace ActorVmm.Workloads.Conformance.Calls;

/// <summary>A thread with a stack of these sizes.</summary>
public sealed record CreateThreadCall(ulong Commit, ulong Reserve) : ConformanceCall;

/// <summary>The stack builder of the run-time library; 0 is the executable's default.</summary>
public sealed record CreateUserStackCall(ulong Commit, ulong Reserve, ulong ZeroBits, ulong CommitAlignment, ulong ReserveAlignment) : ConformanceCall;

/// <summary>Address space for a stack, and no more.</summary>
public sealed record ReserveThreadStackCall(ulong Reserve) : ConformanceCall;

/// <summary>Gives the running thread another stack, whose memory is there already.</summary>
/// <param name="Base">One past the highest byte.</param>
/// <param name="Limit">Lowest committed byte.</param>
/// <param name="Deallocation">Lowest byte of its allocation.</param>
public sealed record SetStackCall(ulong Base, ulong Limit, ulong Deallocation) : ConformanceCall;

/// <summary>A thread touches every page of its stack from the top downwards.</summary>
/// <param name="Until">Where it stops.</param>
/// <param name="Value">The depth in bytes, or the address.</param>
public sealed record TouchStackCall(StackTouch Until, ulong Value) : ConformanceCall;

/// <summary>Where a thread stops touching its stack.</summary>
public enum StackTouch : byte
{
    /// <summary>So many bytes down, plus one small frame.</summary>
    Depth,

    /// <summary>At the page of an address.</summary>
    Address,

    /// <summary>At the first exception.</summary>
    Overflow,
}

/// <summary>How much of a stack is committed and reserved, or how large its guard region is.</summary>
public sealed record QueryStackCall(bool Guard) : ConformanceCall;
