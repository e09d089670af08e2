namespace ActorVmm.Specifications;

/// <summary>
/// Fact book §28, I11, and §17, R6: a frame that a transfer reads into or writes from is referenced, so nobody can give it away
/// under the transfer: <c>being read or written ⇒ Active or in Transition, reference count ≥ 1</c>; exactly, off the lists
/// <c>reference count = (shared ? 1 : 0) + transfers</c>. A frame being read does not move, and is not mapped, before its read is over; and a device transfers only what has been
/// ordered: pages whose read is open, or whose write has been started.
/// In flight: the read is over for its process before InPageCompleted arrives; then the frame is only hinted or mapped.
/// </summary>
public sealed class PagesInFlightAreReferenced
    : Specification, IHear<FrameMoved>, IHear<PageMapped>, IHear<PageWriteStarted>, IHear<PageWriteEnded>,
      IHear<TransferStarted>, IHear<TransferEnded>, IJudgeFrames
{
    private readonly Situation _reading;
    private readonly Situation _writing;
    private readonly Situation _mappedUnderWrite;
    private readonly Situation _deletedUnderRead;

    public PagesInFlightAreReferenced()
        : base(nameof(PagesInFlightAreReferenced), "a frame under a transfer is referenced and stays where it is")
    {
        _reading = Sometimes("a frame was being read into");
        _writing = Sometimes("a frame was being written");
        _mappedUnderWrite = Sometimes("a frame was given back to its page while it was being written");
        _deletedUnderRead = Sometimes("a page was deleted while it was being read (R6)");
    }

    public void Hear(in FrameMoved fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        _mappedUnderWrite.SeenIf(frame.Writing && fact.To == PageLocation.Active);
        if (frame.Location == PageLocation.Transition && (frame.Read >= 0 || frame.Holding == Holding.Reading))
        {
            Violated($"frame {fact.Pfn} went to {fact.To} while page {frame.Vpn} of {frame.Process} is being read into it");
        }
    }

    public void Hear(in PageMapped fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        if (frame.Holding == Holding.Reading && Known.Slots[frame.Slot].Transfers != 0)
        {
            Violated($"page {fact.Vpn} of {Actor} was mapped to frame {fact.Pfn} before it was read from slot {frame.Slot}");
        }
    }

    public void Hear(in PageWriteStarted fact)
    {
        ref readonly KnownFrame frame = ref Known.Frames[fact.Pfn];
        if (frame.Writing)
        {
            Violated($"a write of frame {fact.Pfn} to slot {fact.Slot} was started, and one is under way");
        }

        if (frame.Process != fact.Owner || frame.Vpn != fact.Vpn)
        {
            Violated($"page {fact.Vpn} of {fact.Owner} is written from frame {fact.Pfn}, and page {frame.Vpn} of {frame.Process} is in it");
        }
    }

    public void Hear(in PageWriteEnded fact)
    {
        if (!Known.Frames[fact.Pfn].Writing)
        {
            Violated($"a write of frame {fact.Pfn} to slot {fact.Slot} ended, and none was under way");
        }
    }

    public void Hear(in TransferStarted fact)
    {
        for (uint index = 0; index < (uint)fact.Count; index++)
        {
            PagingFileSlot at = new(fact.First.File, unchecked(fact.First.Page + index));
            ref readonly KnownSlot slot = ref Known.Slots[at];
            bool ordered = fact.Write != 0 ? slot.WriteOrdered : slot.Read >= 0 && slot.State == SlotState.InFrame;
            if (!ordered)
            {
                Violated($"a {(fact.Write != 0 ? "write to" : "read of")} slot {at} was started, and nobody ordered it");
                return;
            }

            if (slot.Transfers != 0)
            {
                Violated($"a {(fact.Write != 0 ? "write to" : "read of")} slot {at} was started, and a transfer of it is under way");
                return;
            }
        }
    }

    public void Hear(in TransferEnded fact)
    {
        for (uint index = 0; index < (uint)fact.Count; index++)
        {
            PagingFileSlot at = new(fact.First.File, unchecked(fact.First.Page + index));
            ref readonly KnownSlot slot = ref Known.Slots[at];
            if (slot.Transfers == 0 || (fact.Write != 0) != slot.WriteOrdered)
            {
                Violated($"a {(fact.Write != 0 ? "write to" : "read of")} slot {at} ended, and none was under way");
                return;
            }
        }
    }

    public void Judge(Pfn pfn, in KnownFrame frame)
    {
        bool reading = frame.Holding == Holding.Reading || frame.Read >= 0;
        _reading.SeenIf(reading);
        _writing.SeenIf(frame.Writing);
        _deletedUnderRead.SeenIf(frame.Read >= 0 && frame.Holding == Holding.DeleteOnItsWay);

        // One for all shares together, one for the transfer, or for the zero-page thread, one for each lock. A count is stated when a frame moves.
        int expected = (frame.Location == PageLocation.Active ? 1 : 0) + (reading || frame.Writing || frame.Holding == Holding.Zeroing ? 1 : 0) + frame.Locks;
        if (frame.References != expected && frame.MovedIn == Known.Turn.Number && frame.Location is PageLocation.Active or PageLocation.Transition)
        {
            Violated($"frame {pfn} is {frame.Location} with a reference count of {frame.References}; its shares and transfers are {expected}");
        }

        if (!reading && !frame.Writing)
        {
            return;
        }

        string transfer = reading ? "read into" : "written";
        if (frame.Location is not (PageLocation.Transition or PageLocation.Active))
        {
            Violated($"frame {pfn} is {frame.Location} while it is being {transfer}");
        }

    }

    public override void AtQuiescence()
    {
        for (uint at = 0; at < (uint)Known.Frames.Count; at++)
        {
            ref readonly KnownFrame frame = ref Known.Frames[new Pfn(at)];
            bool unexplained = frame.Location == PageLocation.Transition && frame.Locks == 0;
            if (frame.Writing || frame.Read >= 0 || frame.Holding is Holding.Reading or Holding.Zeroing || unexplained)
            {
                Violated($"nothing is in flight, and frame {new Pfn(at)} is {frame.Location}: its transfer never ended");
            }
        }
    }
}
