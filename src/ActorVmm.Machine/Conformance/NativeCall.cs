using ActorVmm.Protocol;

namespace ActorVmm.Machine.Conformance;

/// <summary>A native call as a process hears it, with its further words.</summary>
/// <param name="Service">Which.</param>
/// <param name="Base">Where.</param>
/// <param name="Size">Bytes.</param>
internal sealed record NativeCall(CallService Service, ulong Base, ulong Size)
{
    public ulong Type { get; init; }

    public ulong Protection { get; init; }

    public CallFlags Flags { get; init; }

    public HandleResolution Handle { get; init; }

    public IReadOnlyList<ulong> Words { get; init; } = [];

    /// <summary>The number of the thread that calls; 0 for the initial one, −1 for one of another process.</summary>
    public int Thread { get; init; }
}

/// <summary>What came of it.</summary>
internal sealed record NativeAnswer(CallReturned Returned, IReadOnlyList<ulong> Words)
{
    public NtStatus Status => Returned.Status;

    /// <summary>Informational codes are successes too.</summary>
    public bool Succeeded => Returned.Status < NtStatus.GuardPageViolation;
}
