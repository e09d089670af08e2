namespace ActorVmm.Kernel.Frames;

/// <summary>
/// Pages locked by memory descriptor lists (fact book §24): 1. whoever maps them puts their frames into a row and has them locked; 2. each
/// frame is referred to once more, so that it can neither be reused nor written over, even if its page is trimmed or deleted meanwhile (R6);
/// 3. they are unlocked, and the last one to let go decides where the frame goes.
/// </summary>
public sealed partial class PfnDatabase
{
    /// <summary>More locks on one frame are a driver gone mad (fact book §15.1).</summary>
    private const int MostReferences = 2_500;

    private void LockPages(LockPages request, Outbox outbox)
    {
        MdlTable mdls = _contents.Mdls;
        int count = mdls.Length(request.Mdl);
        for (int i = 0; i < count; i++)
        {
            Pfn frame = mdls.Frame(request.Mdl, i);
            ref PfnEntry entry = ref _entries[frame.Value];
            Invariant.Holds(entry.Location == PageLocation.Active && entry.ShareCount > 0, "a page is locked while it is valid");
            entry.ReferenceCount++;
            Invariant.Holds(entry.ReferenceCount <= MostReferences, "a frame is locked a number of times that makes sense");
            outbox.State(new FrameLocked(frame, 1, entry.ReferenceCount));
        }

        outbox.Spend(new Ticks(_costs.FrameOperation * count));
        outbox.Send(request.Asker, new PagesLocked(request.Mdl, request.Request));
    }

    private void UnlockPages(MdlId row, Outbox outbox)
    {
        MdlTable mdls = _contents.Mdls;
        int count = mdls.Length(row);
        for (int i = 0; i < count; i++)
        {
            Pfn frame = mdls.Frame(row, i);
            ref PfnEntry entry = ref _entries[frame.Value];
            Invariant.Holds(entry.ReferenceCount > 0, "a page is unlocked as often as it was locked");
            entry.ReferenceCount--;
            outbox.State(new FrameLocked(frame, -1, entry.ReferenceCount));
            if (entry.Has(PfnFlags.Deleted))
            {
                FreeUnlessLocked(frame, outbox);
            }
            else if (entry.ReferenceCount == 0)
            {
                Retire(frame, outbox);
                LeaveIfBad(frame, outbox);
            }
        }

        outbox.Spend(new Ticks(_costs.FrameOperation * count));
        ReturnRow(row);
    }

    /// <summary>A deleted page's frame is free as soon as nobody refers to it.</summary>
    private void FreeUnlessLocked(Pfn frame, Outbox outbox)
    {
        if (_entries[frame.Value].ReferenceCount == 0)
        {
            FreeFrame(frame, outbox);
        }
    }
}
