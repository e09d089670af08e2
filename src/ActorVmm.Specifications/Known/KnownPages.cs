using System.Runtime.CompilerServices;

namespace ActorVmm.Specifications.Known;

/// <summary>Where a page that exists is.</summary>
/// <param name="Slot">Its slot when it is in a paging file and in no frame.</param>
/// <param name="Frame">Its frame; none when it is in no frame.</param>
/// <param name="HintIsOut">Its frame was repurposed and its process still holds a transition PTE: it will learn when it asks.</param>
/// <param name="BeingRead">A read of it is open.</param>
public readonly record struct PagePlace(PagingFileSlot Slot, Pfn Frame, bool HintIsOut, bool BeingRead)
{
    public override string ToString() =>
        !Frame.IsNone ? $"in frame {Frame}" : Slot.IsNone ? "nowhere, as zeros" : BeingRead ? $"being read from slot {Slot}" : $"in slot {Slot}";
}

/// <summary>
/// The pages that exist, by process and page number. A page comes into being when it is first mapped and ends when it is
/// deleted; in between it is in exactly one place.
/// </summary>
public sealed class KnownPages
{
    private readonly FlatMap<PagePlace> _places = new();

    /// <summary>Where the self-map of page tables begins, as a page number.</summary>
    private const ulong FirstTable = 0xFFFF_F680_0000_0000 >> PageSize.Shift;
    private const ulong EndOfTables = 0xFFFF_F700_0000_0000 >> PageSize.Shift;

    /// <summary>32-bit addresses come with their sign extended.</summary>
    private const ulong FirstOfX86 = 0xFFFF_FFFF_C000_0000 >> PageSize.Shift;
    private const ulong EndOfX86 = 0xFFFF_FFFF_C080_0000 >> PageSize.Shift;

    public int Count => _places.Count;

    /// <summary>Whether this is a table page, named by its number in the self-map. What table pages contain is not modelled.</summary>
    public static bool IsTable(Vpn vpn) => vpn.Value >= FirstTable && (vpn.Value < EndOfTables || vpn.Value is >= FirstOfX86 and < EndOfX86);

    public bool Exists(ActorId process, Vpn vpn) => _places.Contains(process.Value, vpn.Value);

    public bool TryFind(ActorId process, Vpn vpn, out PagePlace place)
    {
        ref PagePlace found = ref _places.Find(process.Value, vpn.Value);
        bool exists = !Unsafe.IsNullRef(ref found);
        place = exists ? found : new PagePlace(PagingFileSlot.None, Pfn.None, HintIsOut: false, BeingRead: false);
        return exists;
    }

    internal void Put(ActorId process, Vpn vpn, PagePlace place) => _places.Put(process.Value, vpn.Value) = place;

    /// <summary>Moves a page; a page that does not exist stays so.</summary>
    internal void Move(ActorId process, Vpn vpn, PagePlace place)
    {
        ref PagePlace found = ref _places.Find(process.Value, vpn.Value);
        if (!Unsafe.IsNullRef(ref found))
        {
            found = place;
        }
    }

    internal bool Remove(ActorId process, Vpn vpn) => _places.Remove(process.Value, vpn.Value);
}
