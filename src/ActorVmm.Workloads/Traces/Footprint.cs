using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>
/// Which pages a process touches. Memory grows with the pages touched, not with the accesses; a small direct-mapped cache
/// answers for the pages touched lately.
/// </summary>
internal sealed class Footprint
{
    private const int GranuleShift = 4;

    private const int SmallestCache = 16;
    private const int LargestCache = 4096;

    private readonly Dictionary<ulong, ushort> _granules = [];

    /// <summary>A page's number and one at the index of its low bits, or 0; grows with the pages met.</summary>
    private ulong[] _lately = new ulong[SmallestCache];

    public long Pages { get; private set; }

    /// <summary>Pages in the 64 KB granules that are touched.</summary>
    public long GranulePages => (long)_granules.Count * PageSize.GranularityPages;

    /// <summary>Notes an access to this page (an address without its 12 offset bits).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Touch(ulong page)
    {
        ulong[] lately = _lately;
        ref ulong entry = ref lately[unchecked((int)page & (lately.Length - 1))];
        if (entry != page + 1)
        {
            entry = page + 1;
            Note(page);
        }
    }

    /// <summary>
    /// Calls that make every touched page usable: one reserve-and-commit, execute-read-write, for each run of neighbouring
    /// touched 64 KB granules, in address order.
    /// </summary>
    public Operation[] ReserveAndCommit()
    {
        ulong[] granules = [.. _granules.Keys.Order()];
        var calls = new List<Operation>();
        for (int i = 0; i < granules.Length;)
        {
            int end = i + 1;
            while (end < granules.Length
                && granules[end] == granules[end - 1] + 1
                && (ulong)(end - i + 1) * PageSize.GranularityBytes <= Operation.MaxArgument)
            {
                end++;
            }

            calls.Add(new Operation(
                OperationKind.ReserveCommit,
                granules[i] * PageSize.GranularityBytes,
                (ulong)(end - i) * PageSize.GranularityBytes,
                PageProtection.ExecuteReadWrite));
            i = end;
        }

        return [.. calls];
    }

    private void Note(ulong page)
    {
        ref ushort touched = ref CollectionsMarshal.GetValueRefOrAddDefault(_granules, page >> GranuleShift, out _);
        int bit = 1 << (int)(page & ((1 << GranuleShift) - 1));
        if ((touched & bit) == 0)
        {
            touched = (ushort)(touched | bit);
            Pages++;
            if (Pages > _lately.Length && _lately.Length < LargestCache)
            {
                _lately = new ulong[_lately.Length * 4];
            }
        }
    }
}
