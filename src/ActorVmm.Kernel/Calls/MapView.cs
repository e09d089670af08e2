using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>
/// NtMapViewOfSection (fact book §13.2): 1. arguments and handles are checked, and a section that is named is opened; 2. the section agrees, and counts the view; 3. a place is found;
/// 4. pages that may be copied are charged to the process (§13.4); 5. the view is there. From 2 on, whoever fails tells the section.
/// </summary>
public sealed partial class Process
{
    private ViewChecks ViewChecks => field ??= new ViewChecks(Limits, _machine.Platform);

    private void MapView(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = ViewChecks.Arguments(request);
            if (status != NtStatus.Success)
            {
                Refuse(thread, request, status, outbox);
                return;
            }

            BeginCall(thread, default, default);
            if (request.SectionName != 0)
            {
                OpenSection(thread, request.SectionName, outbox);
                return;
            }

            AskForView(thread, request, new ActorId((int)request.ViewWord(ViewWord.Section)), (int)request.ViewWord(ViewWord.Object), outbox);
            return;
        }

        if (!space.Call.Reply.Here)
        {
            // It was opened by its name for this view alone: the view keeps it from now on, and the handle is closed.
            AskForView(thread, request, space.Call.Section, space.Call.ViewObject, outbox);
            outbox.Send(space.Call.Section, new CountHandle(space.Call.ViewObject, -1));
            return;
        }

        if (space.Call.Reply.Status != NtStatus.Success)
        {
            Refuse(thread, request, space.Call.Reply.Status, outbox);
            return;
        }

        PlaceView(thread, request, outbox);
    }

    private void AskForView(int thread, in MemoryRequest request, ActorId section, int place, Outbox outbox)
    {
        AskSection(thread, section);
        ref MemoryCall call = ref Space.Call;
        call.ViewFirst = FirstOf(request);
        call.ViewObject = place;
        ulong commit = PageSize.PagesOf(request.ViewWord(ViewWord.CommitSize));
        outbox.Send(section, new MapView(
            request.ViewWord(ViewWord.Offset) & ~(PageSize.Bytes - 1UL),
            SizeFrom(request),
            place,
            request.Protection,
            request.Type,
            (uint)Math.Min(commit, uint.MaxValue)));
    }

    private void OpenSection(int thread, uint name, Outbox outbox)
    {
        Space.Call.Phase = CallPhase.OpeningSection;
        Space.Call.Reply = default;
        _threads[thread].Wait = ThreadWait.SectionCall;
        outbox.Send(_machine.Cast.SystemSpace, new OpenSection(name, 0));
    }

    private void SectionOpened(SectionCreated opened, Outbox outbox)
    {
        ref MemoryCall call = ref Space.Call;
        Invariant.Holds(call.Phase == CallPhase.OpeningSection, "a section is opened for the call that asked");
        call.Phase = CallPhase.BuildingTables;
        call.Section = opened.Section;
        call.ViewObject = opened.Object;
        bool found = opened.Status == NtStatus.Success;
        if (_state == ProcessState.Exiting)
        {
            if (found)
            {
                outbox.Send(opened.Section, new CountHandle(opened.Object, -1));
            }

            return;
        }

        call.Reply = new SectionReply { Status = opened.Status, Here = !found };
        _threads[call.Thread].Wait = ThreadWait.None;
    }

    /// <summary>A view begins on a page; what lies before its offset on that page is in it too.</summary>
    private static ulong SizeFrom(in MemoryRequest request) =>
        request.Size == 0 ? 0 : request.Size + (request.ViewWord(ViewWord.Offset) & (PageSize.Bytes - 1UL));

    /// <summary>Lets the call wait for a section.</summary>
    private void AskSection(int thread, ActorId section)
    {
        Space.Call.Phase = CallPhase.AskingSection;
        Space.Call.Section = section;
        Space.Call.Reply = default;
        _threads[thread].Wait = ThreadWait.SectionCall;
    }

    private void ViewMapped(ViewMapped mapped, Outbox outbox)
    {
        ref MemoryCall call = ref Space.Call;
        Invariant.Holds(call.Phase == CallPhase.AskingSection, "a section answers the call that asked");
        call.Reply = new SectionReply
        {
            Base = mapped.Base,
            Size = mapped.Size,
            Status = mapped.Status,
            Attributes = mapped.Attributes,
            Segment = mapped.Segment,
            Ordered = mapped.Ordered,
            Here = true,
            RunsMissing = mapped.Runs,
        };
        call.ViewPages = mapped.Status == NtStatus.Success ? PageSize.PagesOf(mapped.Size) : 0;
        GoOnWithSection();
        if (_state == ProcessState.Exiting)
        {
            ForsakeView(outbox);
        }
    }

    /// <summary>The section has counted a view that will not be.</summary>
    private void ForsakeView(Outbox outbox)
    {
        ref MemoryCall call = ref Space.Call;
        if (call.ViewPages > 0)
        {
            outbox.Send(call.Section, new UnmapView(call.ViewFirst, call.ViewPages, call.ViewObject, 0));
            call.ViewPages = 0;
        }
    }

    private void ViewRun(ViewRun run)
    {
        ref MemoryCall call = ref Space.Call;
        call.Reply.RunsMissing--;
        _ = ProtectionCode.TryFrom(run.Protection, out ProtectionCode protection);
        Space.Views ??= new ViewTable();
        Space.Views.AddRun(ViewTable.Coming, run.First, run.Pages, protection);
        GoOnWithSection();
    }

    private void SectionAnswered(SectionAnswered answered)
    {
        Space.Call.Reply = new SectionReply { Size = answered.Pages, Status = answered.Status, Committed = answered.Committed != 0, Here = true };
        GoOnWithSection();
    }

    private void GoOnWithSection()
    {
        ref MemoryCall call = ref Space.Call;
        if (call.Reply is { Here: true, RunsMissing: <= 0 })
        {
            call.Phase = CallPhase.BuildingTables;
            _threads[call.Thread].Wait = ThreadWait.None;
        }
    }

    private void PlaceView(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        SectionReply reply = space.Call.Reply;
        bool image = reply.Segment == SegmentKind.Image;
        ulong pages = PageSize.PagesOf(reply.Size);
        NtStatus status = NtStatus.Success;
        if (space.Call.End.Value == 0)
        {
            status = ViewChecks.Place(request, reply.Base, image, pages, space.Vads, out Vpn start, out Vpn end);
            space.Call.Start = start;
            space.Call.End = end;
            if (status == NtStatus.Success && !ChargeView(thread, request, pages, outbox))
            {
                return;
            }
        }

        status = status == NtStatus.Success ? space.Call.Refused : status;
        if (status != NtStatus.Success)
        {
            ForsakeView(outbox);
            space.Views?.Remove(ViewTable.Coming);
            Refuse(thread, request, status, outbox);
            return;
        }

        InsertView(thread, request, pages, outbox);
    }

    private static ulong FirstOf(in MemoryRequest request) => request.ViewWord(ViewWord.Offset) >> PageSize.Shift;

    /// <summary>Pages that may be copied for this process are charged when they are mapped. False: the thread waits, or the call has ended.</summary>
    private bool ChargeView(int thread, in MemoryRequest request, ulong pages, Outbox outbox)
    {
        _ = ProtectionCode.TryFrom(request.Protection, out ProtectionCode protection);
        ulong copied = Space.Call.Reply.Segment == SegmentKind.Image ? Space.Views?.CopiedPagesOf(ViewTable.Coming) ?? 0
            : protection.IsCopyOnWrite ? pages
            : 0;
        if (IsOverQuota(copied))
        {
            Space.Call.Refused = NtStatus.PagefileQuotaExceeded;
            return true;
        }

        return Charge(thread, copied, request, outbox);
    }

    private void InsertView(int thread, in MemoryRequest request, ulong pages, Outbox outbox)
    {
        AddressSpace space = Space;
        MemoryCall call = space.Call;
        bool replaces = request.Has(AllocationType.ReplacePlaceholder);
        if (replaces)
        {
            RemoveVad(space.Vads.Find(call.Start), outbox);
        }

        space.Views ??= new ViewTable();
        int view = space.Views.Add(new View
        {
            First = FirstOf(request),
            Pages = pages,
            Section = call.Section,
            Object = call.ViewObject,
            Attributes = call.Reply.Attributes,
            Segment = call.Reply.Segment,
            Ordered = call.Reply.Ordered,
        });
        // Every view of an image is said to have this protection, and each of its sections has its own.
        bool image = call.Reply.Segment == SegmentKind.Image;
        PageProtection allocated = image ? PageProtection.ExecuteWriteCopy : request.Protection;
        _ = ProtectionCode.TryFrom(allocated, out ProtectionCode protection);
        var vad = new Vad
        {
            Start = call.Start,
            End = call.End,
            CommitCharge = call.Charged,
            AllocationProtection = allocated,
            Protection = protection,
            MemCommit = true,
            View = view,
            Flags = (replaces ? VadFlags.ReplacedPlaceholder : VadFlags.None)
                | (((uint)request.Type & (uint)SectionAttributes.NoChange) != 0 ? VadFlags.NoChange : VadFlags.None),
        };
        space.Vads.Insert(vad);
        space.VirtualPages += vad.Pages;
        space.PeakVirtualPages = Math.Max(space.PeakVirtualPages, space.VirtualPages);
        space.PrivateCommit += call.Charged;
        StateVad(vad, outbox);
        bool moved = image && call.Reply.Base != 0 && call.Reply.Base != call.Start.Start.Value;
        NtStatus status = moved ? NtStatus.ImageNotAtBase : NtStatus.Success;
        EndCall(thread, request, call.Start.Start.Value, BytesOf(call.Start, call.End), status, outbox, allocated);
    }
}
