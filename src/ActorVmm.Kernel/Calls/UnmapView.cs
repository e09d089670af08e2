using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>
/// NtUnmapViewOfSection (fact book §13.2; §17, R2, R21): any address inside the view will do. Accesses that the section is carrying out end
/// first; a fault that is under way finds the view gone when it is answered. What was copied for the process goes with the view.
/// </summary>
public sealed partial class Process
{
    private void UnmapView(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        int index = space.Vads.Find(new VirtualAddress(request.Base).Page);
        if (space.Call.Phase == CallPhase.None)
        {
            NtStatus status = CheckUnmap(request, index);
            if (status != NtStatus.Success)
            {
                Refuse(thread, request, status, outbox);
                return;
            }

            BeginCall(thread, space.Vads[index].Start, space.Vads[index].End);
        }

        Vad vad = space.Vads[index];
        if (AwaitsSoftFault(thread, vad.Start, vad.End) || AwaitsAccess(thread, vad.Start, vad.End))
        {
            return;
        }

        DeletePages(vad.Start, vad.End, Pte.Zero, false, outbox);
        FlushDeleted(outbox);
        LeaveSection(vad, outbox);
        space.PrivateCommit -= vad.CommitCharge;
        RemoveVad(index, outbox);
        if ((request.Type & AllocationType.PreservePlaceholder) != 0)
        {
            KeepPlace(vad, outbox);
        }

        FreeEmptyTables(outbox);
        ReturnCommit(vad.CommitCharge, CommitKind.Private, outbox);
        EndCall(thread, request, vad.Start, vad.End, outbox);
    }

    private NtStatus CheckUnmap(in MemoryRequest request, int index)
    {
        bool preserves = request.Type == AllocationType.PreservePlaceholder;
        if (request.Type != AllocationType.None && !preserves)
        {
            return NtStatus.InvalidParameter;
        }

        if (request.HandleStatus != NtStatus.Success)
        {
            return request.HandleStatus;
        }

        if (index < 0 || !Space.Vads[index].IsView)
        {
            return NtStatus.NotMappedView;
        }

        return preserves && (Space.Vads[index].Flags & VadFlags.ReplacedPlaceholder) == 0 ? NtStatus.ConflictingAddresses : NtStatus.Success;
    }

    private void LeaveSection(in Vad vad, Outbox outbox)
    {
        View view = Space.Views![vad.View];
        outbox.Send(view.Section, new UnmapView(view.First, view.Pages, view.Object, 0));
        Space.Views.Remove(vad.View);
    }

    private void KeepPlace(in Vad vad, Outbox outbox)
    {
        var placeholder = new Vad
        {
            Start = vad.Start,
            End = vad.End,
            AllocationProtection = PageProtection.NoAccess,
            Protection = ProtectionCode.NoAccess,
            Flags = VadFlags.Placeholder,
        };
        Space.Vads.Insert(placeholder);
        Space.VirtualPages += placeholder.Pages;
        StateVad(placeholder, outbox);
    }

    /// <summary>A page is not taken away while its section loads from it or stores to it for this process, or copies it.</summary>
    private bool AwaitsAccess(int thread, Vpn start, Vpn end)
    {
        Vpn page = default;
        if (Space.Views?.TryFindAccess(start, end, out page) != true)
        {
            return false;
        }

        _threads[thread].Wait = ThreadWait.SoftFault;
        _threads[thread].WaitPage = page;
        return true;
    }
}
