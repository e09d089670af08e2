namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §28, I5, and §17, R19: a slot of a paging file belongs to at most one page, by its frame or by its PTE, and its bit
/// is set exactly while it belongs to somebody: <c>taken = reserved + in frames + with PTEs + returning</c>. It is freed only when
/// neither refers to it and no transfer uses it.
/// In flight: taken and not attached yet, or offered and not used (reserved); given up and not freed yet (returning). Both are
/// none at quiescence. When a read fails, the slot is with its PTE before the PFN database hears of it and says the same.
/// </summary>
public sealed class ASlotHasOneOwner
    : Specification, IHear<SlotsTaken>, IHear<SlotsFreed>, IHear<SlotAttached>, IHear<SlotDetached>, IHear<PagedOutDeleted>, IJudgeFrames
{
    private readonly Situation _written;
    private readonly Situation _read;
    private readonly Situation _handed;
    private readonly Situation _unused;
    private readonly Situation _deleted;

    public ASlotHasOneOwner()
        : base(nameof(ASlotHasOneOwner), "a slot of a paging file belongs to one page, and is freed when it belongs to none")
    {
        _written = Sometimes("a slot was given to a page that is written");
        _read = Sometimes("a slot went from its PTE to the frame it is read into");
        _handed = Sometimes("a slot went from its frame to its PTE");
        _unused = Sometimes("a slot was given back unused");
        _deleted = Sometimes("a page was deleted while it was in its slot only");
    }

    public void Hear(in SlotsTaken fact)
    {
        for (uint index = 0; index < fact.Count; index++)
        {
            PagingFileSlot at = At(fact.First, index);
            if (!Exists(at, "taken"))
            {
                return;
            }

            if (Known.Slots[at].State != SlotState.Free)
            {
                Violated($"slot {at} was taken, and it {Told(in Known.Slots[at])}");
            }
        }
    }

    public void Hear(in SlotsFreed fact)
    {
        for (uint index = 0; index < fact.Count; index++)
        {
            PagingFileSlot at = At(fact.First, index);
            if (!Exists(at, "freed"))
            {
                return;
            }

            ref readonly KnownSlot slot = ref Known.Slots[at];
            _unused.SeenIf(slot.State == SlotState.Reserved);
            if (slot.State is SlotState.Free or SlotState.InFrame || slot.Needed)
            {
                Violated($"slot {at} was freed, and it {Told(in slot)}");
            }

            if (slot.Transfers != 0 || slot.WriteOrdered)
            {
                Violated($"slot {at} was freed while a transfer uses it");
            }
        }
    }

    public void Hear(in SlotAttached fact)
    {
        ref readonly KnownSlot slot = ref Known.Slots[fact.Slot];
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        if (!Exists(fact.Slot, "attached"))
        {
            return;
        }

        bool forRead = slot.Read >= 0;
        _written.SeenIf(!forRead);
        _read.SeenIf(forRead);
        if (slot.State != (forRead ? SlotState.WithPte : SlotState.Reserved))
        {
            Violated($"slot {fact.Slot} was attached to frame {fact.Pfn}, and it {Told(in slot)}");
        }

        if (!frame.Slot.IsNone)
        {
            Violated($"slot {fact.Slot} was attached to frame {fact.Pfn}, whose page has slot {frame.Slot} already");
        }
    }

    public void Hear(in SlotDetached fact)
    {
        ref readonly KnownSlot slot = ref Known.Slots[fact.Slot];
        _handed.SeenIf(fact.Handed != 0);
        if (fact.Handed != 0 && Known.Frames[fact.Pfn].HandedBack == fact.Slot)
        {
            return;
        }

        if (slot.State != SlotState.InFrame || slot.Frame != fact.Pfn)
        {
            Violated($"slot {fact.Slot} was detached from frame {fact.Pfn}, and it {Told(in slot)}");
        }
        else if (fact.Handed == 0 && slot.Needed)
        {
            Violated($"slot {fact.Slot} was given up, and page {slot.Vpn} of {slot.Process} is there and nowhere else");
        }
    }

    public void Hear(in PagedOutDeleted fact)
    {
        _deleted.Seen();

        // A page deleted while it was to be read, whose read then went on without it: only its slot is still there.
        ref readonly KnownSlot slot = ref Known.Slots[fact.Slot];
        if (slot.State == SlotState.WithPte && !slot.Needed && slot.Read >= 0 && slot.Process == Actor && slot.Vpn == fact.Vpn)
        {
            return;
        }

        if (!Known.Pages.TryFind(Actor, fact.Vpn, out PagePlace place))
        {
            Violated($"{Actor} deleted page {fact.Vpn} with slot {fact.Slot}, and there is no such page");
        }
        else if (place.Slot != fact.Slot || place.HintIsOut || place.BeingRead)
        {
            Violated($"{Actor} deleted page {fact.Vpn} with slot {fact.Slot}, and the page is {place}");
        }
    }

    public void Judge(Pfn pfn, in KnownFrame frame)
    {
        if (frame.Holding is Holding.Nobody or Holding.Granted or Holding.Zeroing && !frame.Slot.IsNone)
        {
            Violated($"frame {pfn} holds no page, and slot {frame.Slot} belongs to it");
        }
    }

    public override void AtQuiescence()
    {
        for (uint file = 0; file < (uint)Known.Slots.Files; file++)
        {
            ReadOnlySpan<KnownSlot> slots = Known.Slots.Of(file);
            for (int page = 0; page < slots.Length; page++)
            {
                ref readonly KnownSlot slot = ref slots[page];
                bool lost = slot.State is SlotState.Reserved or SlotState.Returning || (slot.State == SlotState.WithPte && !slot.Needed);
                if (lost)
                {
                    Violated($"nothing is in flight, and slot {new PagingFileSlot(file, (uint)page)} {Told(in slot)}: nobody will free it");
                }
            }
        }
    }

    private bool Exists(PagingFileSlot slot, string what)
    {
        bool exists = Known.Slots.Has(slot);
        if (!exists)
        {
            Violated($"slot {slot.File}:{slot.Page:x} was {what}, and there is no such slot");
        }

        return exists;
    }

    private static string Told(in KnownSlot slot) => slot.State switch
    {
        SlotState.Free => "is free",
        SlotState.Reserved => "is reserved for a write",
        SlotState.InFrame => FormattableString.Invariant($"belongs to frame {slot.Frame}"),
        SlotState.WithPte => FormattableString.Invariant($"{(slot.Needed ? "holds" : "held")} page {slot.Vpn} of {slot.Process}"),
        SlotState.Returning => "is on its way back",
    };

    private static PagingFileSlot At(PagingFileSlot first, uint index) => new(first.File, unchecked(first.Page + index));
}
