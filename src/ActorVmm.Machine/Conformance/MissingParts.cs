using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Machine.Conformance;

/// <summary>What the actors lack to carry out a call. The list of what is to be built; it grows shorter.</summary>
internal static class MissingParts
{
    /// <returns>A noun, or null when nothing is missing.</returns>
    public static string? Of(ConformanceCall call) => call switch
    {
        AllocateUntilFailureCall or ReleaseAllCall => null,
        CreateThreadCall or CreateUserStackCall or ReserveThreadStackCall or SetStackCall or TouchStackCall or QueryStackCall => null,
        AllocateCall { Protect: > uint.MaxValue } or AllocateCall { Type: > uint.MaxValue } => "arguments of more than 32 bits",
        AccessCall access => access.Width is >= 1 and <= sizeof(ulong) ? null : "accesses of that width",
        CopyCall => null,
        CreateFileCall or SetFileSizeCall or ReadFileCall or TransferFileCall or SetDeleteOnCloseCall or ReopenFileCall => null,
        CreateSectionCall or OpenSectionCall or DuplicateHandleCall or CloseCall or QuerySectionCall or MapViewCall => null,
        _ => CallTranslation.Of(call) is null ? call.GetType().Name : null,
    };
}
