using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;

namespace ActorVmm.Machine.Conformance;

/// <summary>The members of the structures that NtQueryVirtualMemory fills in, by the names that cases give them.</summary>
internal static class QueryOutputs
{
    private const uint States = (uint)(RegionState.Commit | RegionState.Reserve | RegionState.Free);
    private static readonly string[] _regionFlags = ["private", "mapped_data_file", "mapped_image", "mapped_page_file", "mapped_physical", "direct_mapped"];

    public static IEnumerable<(string Name, Output Value)> Of(CallService service, NativeAnswer answer) => service switch
    {
        CallService.QueryBasic => Basic(answer),
        CallService.QueryRegion => Region(answer),
        CallService.QueryImage => [("image_base", answer.Returned.Base), ("size_of_image", answer.Returned.Size), ("flags", answer.Returned.Detail), ("partial_map", answer.Returned.Detail & 1), ("not_executable", (answer.Returned.Detail >> 1) & 1)],
        CallService.QueryWorkingSet => WorkingSet(answer.Returned.Detail),
        _ => [],
    };

    private static IEnumerable<(string Name, Output Value)> Basic(NativeAnswer answer) =>
    [
        ("base", answer.Returned.Base), ("region_size", answer.Returned.Size), ("allocation_base", answer.Words[0]), ("allocation_protect", answer.Words[2]),
        ("state", answer.Returned.Detail & States), ("protect", answer.Words[1]), ("type", answer.Returned.Detail & ~States),
    ];

    private static IEnumerable<(string Name, Output Value)> Region(NativeAnswer answer) =>
    [
        ("allocation_base", answer.Returned.Base), ("allocation_protect", answer.Returned.Detail), ("region_size", answer.Returned.Size),
        .. _regionFlags.Select((name, bit) => (name, (Output)((answer.Words[0] >> bit) & 1))),
    ];

    private static IEnumerable<(string Name, Output Value)> WorkingSet(uint attributes) =>
    [
        ("valid", attributes & PageAttributes.Valid),
        ("protect", (attributes >> PageAttributes.ProtectionShift) & PageAttributes.ProtectionMask),
        ("shared", (attributes & PageAttributes.Shared) != 0 ? 1UL : 0),
        ("node", 0UL),
        ("large_page", (attributes & PageAttributes.LargePage) != 0 ? 1UL : 0),
    ];
}
