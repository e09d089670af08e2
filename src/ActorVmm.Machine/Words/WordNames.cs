using System.Globalization;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Words;

/// <summary>What the values of the protocol's enums are called in exports. Written down, because files outlive the names of types.</summary>
public static class WordNames
{
    public static string Of(AccessKind access) => access switch
    {
        AccessKind.Read => "read",
        AccessKind.Write => "write",
        AccessKind.Execute => "execute",
    };

    public static string Of(FaultKind kind) => kind switch
    {
        FaultKind.DemandZero => "demandZero",
        FaultKind.Transition => "transition",
        FaultKind.Hard => "hard",
        FaultKind.CopyOnWrite => "copyOnWrite",
        FaultKind.Prototype => "prototype",
        FaultKind.Guard => "guard",
        FaultKind.PageTable => "pageTable",
        FaultKind.Collided => "collided",
        FaultKind.AlreadyResolved => "alreadyResolved",
        FaultKind.AccessViolation => "accessViolation",
    };

    public static string Of(UnmapCause cause) => cause switch
    {
        UnmapCause.Trimmed => "trimmed",
        UnmapCause.Replaced => "replaced",
        UnmapCause.ProtectionChanged => "protectionChanged",
        UnmapCause.Deleted => "deleted",
        UnmapCause.Exit => "exit",
        UnmapCause.FrameFailed => "frameFailed",
    };

    public static string Of(PageLocation location) => location switch
    {
        PageLocation.Zeroed => "zeroed",
        PageLocation.Free => "free",
        PageLocation.Standby => "standby",
        PageLocation.Modified => "modified",
        PageLocation.ModifiedNoWrite => "modifiedNoWrite",
        PageLocation.Bad => "bad",
        PageLocation.Active => "active",
        PageLocation.Transition => "transition",
    };

    public static string Of(WriteBackResult result) => result switch
    {
        WriteBackResult.Clean => "clean",
        WriteBackResult.Referenced => "referenced",
        WriteBackResult.DirtiedAgain => "dirtiedAgain",
        WriteBackResult.Deleted => "deleted",
        WriteBackResult.Failed => "failed",
    };

    public static string Of(SoftFaultResult result) => result switch
    {
        SoftFaultResult.RelinkedFromStandby => "relinkedFromStandby",
        SoftFaultResult.RelinkedFromModified => "relinkedFromModified",
        SoftFaultResult.Repurposed => "repurposed",
        SoftFaultResult.StillThere => "stillThere",
        SoftFaultResult.Handed => "handed",
        SoftFaultResult.Lost => "lost",
    };

    public static string Of(InjectionKind kind) => kind switch
    {
        InjectionKind.DeviceSlow => "deviceSlow",
        InjectionKind.ReadError => "readError",
        InjectionKind.WriteError => "writeError",
        InjectionKind.EmptyWorkingSets => "emptyWorkingSets",
        InjectionKind.FlushModifiedList => "flushModifiedList",
        InjectionKind.KillProcess => "killProcess",
        InjectionKind.PurgeStandbyList => "purgeStandbyList",
        InjectionKind.PurgeLowPriorityStandbyList => "purgeLowPriorityStandbyList",
        InjectionKind.DeviceOffline => "deviceOffline",
        InjectionKind.ExtensionError => "extensionError",
        InjectionKind.BadPage => "badPage",
    };

    public static string Of(InjectionCode code) => code switch
    {
        InjectionCode.Slow => "slow",
        InjectionCode.ReadError => "readError",
        InjectionCode.WriteError => "writeError",
        InjectionCode.Offline => "offline",
        InjectionCode.ExtensionError => "extensionError",
    };

    public static string Of(CommitCondition condition) => condition switch
    {
        CommitCondition.Low => "low",
        CommitCondition.High => "high",
    };

    public static string Of(PoolKind pool) => pool switch
    {
        PoolKind.NonPaged => "nonPaged",
        PoolKind.Paged => "paged",
    };

    public static string Of(MemoryCondition condition) => condition switch
    {
        MemoryCondition.Low => "low",
        MemoryCondition.High => "high",
    };

    public static string Of(CommitKind kind) => kind switch
    {
        CommitKind.Private => "private",
        CommitKind.PageTable => "pageTable",
        CommitKind.Shared => "shared",
        CommitKind.Prototype => "prototype",
    };

    public static string Of(OperationKind kind) => kind switch
    {
        OperationKind.Read => "read",
        OperationKind.Write => "write",
        OperationKind.Execute => "execute",
        OperationKind.Reserve => "reserve",
        OperationKind.Commit => "commit",
        OperationKind.ReserveCommit => "reserveCommit",
        OperationKind.Decommit => "decommit",
        OperationKind.Release => "release",
        OperationKind.Protect => "protect",
        OperationKind.Idle => "idle",
        OperationKind.Exit => "exit",
        OperationKind.SetStack => "setStack",
        OperationKind.SetMemoryPriority => "setMemoryPriority",
        OperationKind.AllocatePool => "allocatePool",
        OperationKind.FreePool => "freePool",
        OperationKind.AllocateLarge => "allocateLarge",
        OperationKind.MapView => "mapView",
        OperationKind.UnmapView => "unmapView",
        OperationKind.FlushView => "flushView",
        OperationKind.ReadDevice => "readDevice",
        OperationKind.WriteDevice => "writeDevice",
    };

    public static string Of(CallService service) => service switch
    {
        CallService.Allocate => "allocate",
        CallService.Free => "free",
        CallService.Protect => "protect",
        CallService.Lock => "lock",
        CallService.Unlock => "unlock",
        CallService.GetWriteWatch => "getWriteWatch",
        CallService.ResetWriteWatch => "resetWriteWatch",
        CallService.SetInformation => "setInformation",
        CallService.QueryBasic => "queryBasic",
        CallService.QueryRegion => "queryRegion",
        CallService.QueryImage => "queryImage",
        CallService.QueryMappedName => "queryMappedName",
        CallService.QueryWorkingSet => "queryWorkingSet",
        CallService.QueryCounters => "queryCounters",
        CallService.EmptyWorkingSet => "emptyWorkingSet",
        CallService.ProbeForRead => "probeForRead",
        CallService.ProbeForWrite => "probeForWrite",
        CallService.CreateThread => "createThread",
        CallService.SetStack => "setStack",
        CallService.QueryStack => "queryStack",
        CallService.MapView => "mapView",
        CallService.UnmapView => "unmapView",
        CallService.FlushView => "flushView",
        CallService.CompareMappedFiles => "compareMappedFiles",
        CallService.ReadProcess => "readProcess",
        CallService.WriteProcess => "writeProcess",
        CallService.CopyAttached => "copyAttached",
        CallService.ReadFile => "readFile",
        CallService.WriteFile => "writeFile",
        CallService.MapDriverPages => "mapDriverPages",
        CallService.UnmapDriverPages => "unmapDriverPages",
        CallService.AllocatePool => "allocatePool",
        CallService.FreePool => "freePool",
        CallService.ReadDevice => "readDevice",
        CallService.WriteDevice => "writeDevice",
    };

    public static string Of(MajorFunction major) => major switch
    {
        MajorFunction.Read => "read",
        MajorFunction.Write => "write",
    };

    public static string Of(BufferMethod method) => method switch
    {
        BufferMethod.Buffered => "buffered",
        BufferMethod.Direct => "direct",
        BufferMethod.Neither => "neither",
    };

    public static string Of(HandleResolution handle) => handle switch
    {
        HandleResolution.Resolved => "resolved",
        HandleResolution.Invalid => "invalid",
        HandleResolution.WrongType => "wrongType",
        HandleResolution.Denied => "denied",
    };

    public static string Of(RegionState state) => state switch
    {
        RegionState.Commit => "commit",
        RegionState.Reserve => "reserve",
        RegionState.Free => "free",
    };

    /// <summary>0 on success, otherwise Windows' number, which everybody can look up.</summary>
    public static string Of(NtStatus status) =>
        status == NtStatus.Success ? "0x0" : "0x" + ((uint)status).ToString("X8", CultureInfo.InvariantCulture);

    /// <summary>The Win32 constant as the debugger abbreviates it, such as READWRITE or READONLY+GUARD.</summary>
    public static string Of(PageProtection protection)
    {
        const PageProtection Modifiers = PageProtection.Guard | PageProtection.NoCache | PageProtection.WriteCombine;
        string name = (protection & ~Modifiers) switch
        {
            PageProtection.None => "NONE",
            PageProtection.NoAccess => "NOACCESS",
            PageProtection.ReadOnly => "READONLY",
            PageProtection.ReadWrite => "READWRITE",
            PageProtection.WriteCopy => "WRITECOPY",
            PageProtection.Execute => "EXECUTE",
            PageProtection.ExecuteRead => "EXECUTE_READ",
            PageProtection.ExecuteReadWrite => "EXECUTE_READWRITE",
            PageProtection.ExecuteWriteCopy => "EXECUTE_WRITECOPY",
            _ => "0x" + ((uint)protection).ToString("x", CultureInfo.InvariantCulture),
        };
        return name
            + ((protection & PageProtection.Guard) != 0 ? "+GUARD" : "")
            + ((protection & PageProtection.NoCache) != 0 ? "+NOCACHE" : "")
            + ((protection & PageProtection.WriteCombine) != 0 ? "+WRITECOMBINE" : "");
    }
}
