using System.Runtime.InteropServices;
using ActorVmm.Actors;
using ActorVmm.Machine.Words;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Timelines;

/// <summary>Turns worth looking for.</summary>
public static class TurnFilters
{
    /// <summary>For each fact by its number, where its page, frame and owner stand; −1 where it has none.</summary>
    private static readonly Dictionary<int, (int Page, int Frame, int Owner, int Count)> _places = FactWords.All.Words.ToDictionary(
        word => word.Kind,
        word => (OffsetOf(word, "vpn"), OffsetOf(word, "pfn"), OffsetOf(word, "owner"), OffsetOf(word, "vpn") < 0 ? -1 : OffsetOf(word, "count")));

    /// <summary>A page fault is dispatched.</summary>
    public static bool Fault(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Fact> facts)
    {
        foreach (ref readonly Fact fact in facts)
        {
            if (fact.Kind == FaultOpened.Kind)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A working set is trimmed.</summary>
    public static bool Trim(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Fact> facts)
    {
        foreach (ref readonly Fact fact in facts)
        {
            if (fact.TryRead(out PageUnmapped unmapped) && unmapped.Cause is UnmapCause.Trimmed or UnmapCause.Replaced)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Everything that is established about one page of one process: faults, mapping, trimming, reads, writes.</summary>
    public static TurnFilter Page(ActorId process, Vpn page) => (in turn, in _, facts) =>
    {
        foreach (ref readonly Fact fact in facts)
        {
            if (Concerns(in fact, turn.Actor, process, page))
            {
                return true;
            }
        }

        return false;
    };

    /// <summary>Everything that is established about one frame, whoever has it.</summary>
    public static TurnFilter Frame(Pfn frame) => (in _, in _, facts) =>
    {
        foreach (ref readonly Fact fact in facts)
        {
            if (_places.TryGetValue(fact.Kind, out (int Page, int Frame, int Owner, int Count) place) && place.Frame >= 0 && Read<Pfn>(in fact, place.Frame) == frame)
            {
                return true;
            }
        }

        return false;
    };

    /// <summary>Whether a fact is about a page of a process.</summary>
    public static bool Concerns(in Fact fact, ActorId statedBy, ActorId process, Vpn page)
    {
        if (!_places.TryGetValue(fact.Kind, out (int Page, int Frame, int Owner, int Count) place) || place.Page < 0)
        {
            return false;
        }

        ActorId owner = place.Owner < 0 ? statedBy : Read<ActorId>(in fact, place.Owner);
        ulong pages = place.Count < 0 ? 1 : (ulong)Math.Max(Read<int>(in fact, place.Count), 1);
        ulong first = Read<ulong>(in fact, place.Page);
        return owner == process && page.Value >= first && page.Value - first < pages;
    }

    /// <summary>The first page that a turn established something about, and whose it is; null when it is about none.</summary>
    public static (ActorId Process, Vpn Page)? PageOf(TimelineTurn turn)
    {
        ArgumentNullException.ThrowIfNull(turn);
        foreach (Fact fact in turn.Facts)
        {
            if (_places.TryGetValue(fact.Kind, out (int Page, int Frame, int Owner, int Count) place) && place.Page >= 0)
            {
                ActorId owner = place.Owner < 0 ? turn.Stamp.Actor : Read<ActorId>(in fact, place.Owner);
                if (!owner.IsOutside)
                {
                    return (owner, Read<Vpn>(in fact, place.Page));
                }
            }
        }

        return null;
    }

    private static T Read<T>(in Fact fact, int offset)
        where T : unmanaged => MemoryMarshal.Read<T>(Fact.BodyOf(in fact)[offset..]);

    private static int OffsetOf(Word word, string field) =>
        word.Fields.FirstOrDefault(candidate => string.Equals(candidate.Name, field, StringComparison.Ordinal))?.Offset ?? -1;
}
