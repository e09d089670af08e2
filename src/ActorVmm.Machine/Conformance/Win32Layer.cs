using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Machine.Conformance;

/// <summary>What the documented Win32 functions do before they make the native call.</summary>
internal static class Win32Layer
{
    private const ulong Release = 0x8000;
    private const ulong PlaceholderFlags = 3;
    private const ulong SectionCommit = 0x800_0000;
    private const ulong Query = 1;
    private const ulong MapWrite = 2;
    private const ulong MapRead = 4;
    private const ulong MapExecute = 8;
    private const ulong Copy = 1;
    private const ulong Write = 2;
    private const ulong Read = 4;
    private const ulong Execute = 0x20;

    /// <summary>What the layer refuses by itself; null when it does not.</summary>
    public static NtStatus? Refuses(ConformanceCall call, CallLevel level) => level == CallLevel.Nt
        ? null
        : call switch
        {
            FreeCall { Size: not 0 } free when (free.Type & Release) != 0 && (free.Type & PlaceholderFlags) == 0 => NtStatus.InvalidParameter,
            CreateSectionCall { Protect: (ulong)PageProtection.NoAccess or (ulong)PageProtection.Execute } => NtStatus.InvalidPageProtection,
            _ => null,
        };

    /// <summary>The native call that the layer makes of one that it does not refuse.</summary>
    public static ConformanceCall Translate(ConformanceCall call, CallLevel level) => call switch
    {
        CreateSectionCall create when level == CallLevel.Win32 => create with
        {
            Attributes = create.Attributes == 0 ? SectionCommit : create.Attributes,
            Access = create.Access ?? RightsOf((PageProtection)create.Protect),
        },
        MapViewCall { Access: { } access } map => map with { Protect = (ulong)ProtectionOf(access), Access = null },
        _ => call,
    };

    /// <summary>Rights of the handle that CreateFileMapping returns: what the protection implies, and no more.</summary>
    private static ulong RightsOf(PageProtection protection) => Query | protection switch
    {
        PageProtection.ReadOnly or PageProtection.WriteCopy => MapRead,
        PageProtection.ReadWrite => MapRead | MapWrite,
        PageProtection.ExecuteRead or PageProtection.ExecuteWriteCopy => MapRead | MapExecute,
        PageProtection.ExecuteReadWrite => MapRead | MapWrite | MapExecute,
        _ => 0,
    };

    /// <summary>Protection of the view that MapViewOfFile asks for.</summary>
    private static PageProtection ProtectionOf(ulong access)
    {
        bool execute = (access & Execute) != 0;
        if ((access & Write) != 0)
        {
            return execute ? PageProtection.ExecuteReadWrite : PageProtection.ReadWrite;
        }

        if ((access & Read) != 0)
        {
            return execute ? PageProtection.ExecuteRead : PageProtection.ReadOnly;
        }

        return (access & Copy) == 0 ? PageProtection.NoAccess : execute ? PageProtection.ExecuteWriteCopy : PageProtection.WriteCopy;
    }
}
