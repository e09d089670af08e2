namespace ActorVmm.Workloads.Scenarios;

/// <summary>The keys of scenario and machine files: what the binder takes and what schema.json lists, and a test that they agree.</summary>
public static class ScenarioKeys
{
    public static IReadOnlyList<string> Scenario { get; } =
        ["version", "name", "description", "seed", "machine", "policy", "files", "sections", "jobs", "processes", "load", "faults", "expect", "show", "lesson"];

    public static IReadOnlyList<string> Machine { get; } =
        ["version", "name", "description", "ram", "cpus", "numaNodes", "pagingFiles", "system", "turnCosts", "architecture", "userSpace", "dep", "executeOnly", "devices"];

    public static IReadOnlyList<string> System { get; } = ["nonPagedPool", "pagedPool", "nonPagedPoolQuota", "pagedPoolQuota", "kernelStacks", "systemPtes"];

    public static IReadOnlyList<string> PagingFile { get; } = ["size", "maximum", "systemManaged", "volume", "extensionTime", "latency", "perPage", "queueDepth", "device"];

    public static IReadOnlyList<string> Device { get; } = ["filters", "buffers", "driver", "latency", "perPage", "queueDepth", "packets", "passive", "handlesExceptions"];

    public static IReadOnlyList<string> TurnCosts { get; } =
        ["access", "pageWalk", "softFault", "demandZeroFault", "hardFault", "call", "zeroPage", "frameOperation", "trimmedPage"];

    public static IReadOnlyList<string> Policy { get; } =
    [
        "replacement", "lowAvailable", "plentyAvailable", "readCluster", "quantum", "frameCache", "checkEveryAccess", "lowNotification", "systemPagesPerCall",
        "modifiedWriter", "zeroThread", "workingSetManager",
    ];

    public static IReadOnlyList<string> ModifiedWriter { get; } = ["maximum", "cluster", "inFlight"];

    public static IReadOnlyList<string> ZeroThread { get; } = ["wake", "batch"];

    public static IReadOnlyList<string> WorkingSetManager { get; } = ["period"];

    public static IReadOnlyList<string> Process { get; } =
    [
        "count", "threads", "workingSet", "replacement", "commitQuota", "priority", "memoryPriority", "threadMemoryPriorities", "job", "system", "systemSpace", "lockMemoryPrivilege", "lingers", "largeAddressAware",
        "phases", "trace", "format",
    ];

    public static IReadOnlyList<string> WorkingSet { get; } = ["min", "max", "hardMin", "hardMax"];

    public static IReadOnlyList<string> Job { get; } = ["processMemory", "jobMemory", "workingSet"];

    public static IReadOnlyList<string> Phase { get; } = ["reserve", "commit", "touch", "protect", "decommit", "release", "idle", "memoryPriority", "allocatePool", "freePool", "largePages", "map", "unmap", "flush", "repeat", "execute", "stack", "readDevice", "writeDevice"];

    public static IReadOnlyList<string> DeviceRequest { get; } = ["device", "region", "offset", "size", "count"];

    public static IReadOnlyList<string> LargePages { get; } = ["name", "size"];

    public static IReadOnlyList<string> File { get; } = ["size", "content", "image", "latency", "perPage", "queueDepth"];

    public static IReadOnlyList<string> Image { get; } = ["text", "rdata", "data", "bss", "base"];

    public static IReadOnlyList<string> Section { get; } = ["size", "file", "image", "reserve", "protect", "closes"];

    public static IReadOnlyList<string> Map { get; } = ["section", "name", "protect", "address", "offset", "size"];

    public static IReadOnlyList<string> Unmap { get; } = ["region"];

    public static IReadOnlyList<string> Flush { get; } = ["region", "offset", "size"];

    public static IReadOnlyList<string> AllocatePool { get; } = ["name", "pool", "size", "quotaOf"];

    public static IReadOnlyList<string> FreePool { get; } = ["name"];

    public static IReadOnlyList<string> Reserve { get; } = ["name", "size", "address"];

    public static IReadOnlyList<string> Commit { get; } = ["region", "offset", "size", "protect"];

    public static IReadOnlyList<string> Touch { get; } = ["region", "offset", "size", "pattern", "writes", "count"];

    public static IReadOnlyList<string> Execute { get; } = ["region", "offset", "size"];

    public static IReadOnlyList<string> Stack { get; } = ["reserve", "commit", "touch", "reset"];

    public static IReadOnlyList<string> Protect { get; } = ["region", "offset", "size", "protect"];

    public static IReadOnlyList<string> Decommit { get; } = ["region", "offset", "size"];

    public static IReadOnlyList<string> Release { get; } = ["region"];

    public static IReadOnlyList<string> Repeat { get; } = ["times", "phases"];

    public static IReadOnlyList<string> LoadStep { get; } = ["for", "processes"];

    public static IReadOnlyList<string> Fault { get; } = ["at", "inject", "for", "factor", "chance", "pagingFile", "file", "process", "frame", "count"];
}
