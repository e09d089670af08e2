using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Machine.Conformance;

/// <summary>
/// How long the structures are that queries fill in, and which lengths of a buffer they accept. It follows from the members, in order, with
/// pointers and sizes of 8 or 4 bytes.
/// </summary>
internal static class StructureLengths
{
    /// <summary>Length of VM_COUNTERS in pointers: three addresses and counts, four quotas, three of paging files, one count of faults.</summary>
    private const int Counters = 11;

    /// <summary>Bytes of a file's device path with its end: <c>\Device\HarddiskVolume1\</c> and a name of at least one letter.</summary>
    private const long PathBytes = 26 * sizeof(char);

    private static readonly string[] _regionMembers = ["AllocationBase", "AllocationProtect", "RegionType", "RegionSize", "CommitSize", "PartitionId", "NodePreference"];

    /// <summary>Whether a query accepts a buffer of this length; null is the right one.</summary>
    public static bool Accepts(CallService service, BufferLength? buffer, Architecture architecture)
    {
        if (buffer is null)
        {
            return true;
        }

        long pointer = architecture == Architecture.X64 ? 8 : 4;
        long right = LengthOf(service, pointer);
        long length = LengthOf(buffer, right, pointer);
        return service switch
        {
            CallService.QueryRegion => length >= RegionOffset(Array.IndexOf(_regionMembers, "CommitSize"), pointer),
            CallService.QueryCounters => length == Counters * pointer || length == right || length == LongestCounters(pointer),
            CallService.QueryWorkingSet => length >= right && length % right == 0,
            CallService.QueryMappedName => length >= 2 * pointer,
            _ => length >= right,
        };
    }

    /// <summary>Whether the name of a mapped file has room in a buffer that is long enough for what stands before it.</summary>
    public static bool HoldsName(BufferLength? buffer, Architecture architecture)
    {
        long pointer = architecture == Architecture.X64 ? 8 : 4;
        long right = LengthOf(CallService.QueryMappedName, pointer);
        return buffer is null || LengthOf(buffer, right, pointer) >= right;
    }

    private static long LengthOf(BufferLength buffer, long right, long pointer) => buffer.Form switch
    {
        BufferForm.Bytes => buffer.Bytes,
        BufferForm.Size => right + buffer.Bytes,
        BufferForm.Header => (2 * pointer) + buffer.Bytes,
        BufferForm.UpTo => RegionOffset(Array.IndexOf(_regionMembers, buffer.Member), pointer),
    };

    /// <summary>Whether NtQuerySection accepts a buffer of this length: base, attributes and size; or what is told of an image.</summary>
    public static bool AcceptsSection(bool image, BufferLength? buffer, Architecture architecture)
    {
        bool wide = architecture == Architecture.X64;
        long right = image ? (wide ? 64 : 48) : wide ? 24 : 16;
        return buffer is null || (buffer.Form == BufferForm.Bytes ? buffer.Bytes : right + buffer.Bytes) >= right;
    }

    private static long LengthOf(CallService service, long pointer) => service switch
    {
        CallService.QueryBasic => pointer == 8 ? 48 : 28,
        CallService.QueryRegion => RegionOffset(_regionMembers.Length, pointer),
        CallService.QueryImage => 3 * pointer,
        CallService.QueryCounters => (Counters + 1) * pointer,
        CallService.QueryMappedName => (2 * pointer) + PathBytes,
        _ => 2 * pointer,
    };

    /// <summary>With private working set and shared commitment, which are 64-bit numbers on every architecture.</summary>
    private static long LongestCounters(long pointer) => ((((Counters + 1) * pointer) + 7) & ~7L) + (2 * sizeof(ulong));

    /// <summary>Two of the members are 32-bit numbers, which fill one place on 64 bits and two on 32.</summary>
    private static long RegionOffset(int member, long pointer) => member switch
    {
        0 => 0,
        1 => pointer,
        2 => pointer + sizeof(uint),
        _ => pointer + (2 * sizeof(uint)) + ((member - 3) * pointer),
    };
}
