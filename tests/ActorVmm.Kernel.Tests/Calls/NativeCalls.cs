using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Calls;

/// <summary>Native calls in short.</summary>
internal static class NativeCalls
{
    public static BeginCall Allocate(ulong address, ulong size, AllocationType type, PageProtection protection = PageProtection.ReadWrite, CallFlags flags = CallFlags.None) =>
        Of(CallService.Allocate, address, size, (uint)type, (uint)protection, flags);

    public static BeginCall Free(ulong address, ulong size, AllocationType type, CallFlags flags = CallFlags.None) => Of(CallService.Free, address, size, (uint)type, 0, flags);

    public static BeginCall Protect(ulong address, ulong size, PageProtection protection, CallFlags flags = CallFlags.None) =>
        Of(CallService.Protect, address, size, 0, (uint)protection, flags);

    public static BeginCall Of(CallService service, ulong address = 0, ulong size = 0, uint type = 0, uint protection = 0, CallFlags flags = CallFlags.None) =>
        new(address, size, type, protection, 0, service, flags, HandleResolution.Resolved, 0);
}
