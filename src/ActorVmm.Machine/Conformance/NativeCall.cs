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
}

/// <summary>What came of it.</summary>
internal sealed record NativeAnswer(CallReturned Returned, IReadOnlyList<ulong> Words)
{
    public NtStatus Status => Returned.Status;

    /// <summary>Informational codes are successes too.</summary>
    public bool Succeeded => Returned.Status < NtStatus.GuardPageViolation;
}
