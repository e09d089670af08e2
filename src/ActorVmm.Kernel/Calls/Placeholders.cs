using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Calls;

namespace ActorVmm.Kernel;

/// <summary>
/// Placeholders (fact book §6.4, §11): addresses kept for something that will take their place. A placeholder is split and joined page by
/// page; what has replaced one can be turned back into it.
/// </summary>
public sealed partial class Process
{
    private void Preserve(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        int index = space.Vads.Find(start);
        if (!space.Vads[index].IsPlaceholder)
        {
            TurnBack(thread, index, request, outbox);
            return;
        }

        Vad placeholder = space.Vads[index];
        CutOut(index, start, end, 0, outbox);
        placeholder.Start = start;
        placeholder.End = end;
        space.Vads.Insert(placeholder);
        StateVad(placeholder, outbox);
        EndCall(thread, request, start, end, outbox);
    }

    /// <summary>Memory that has replaced a placeholder goes, and the placeholder is there again.</summary>
    private void TurnBack(int thread, int index, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        ref Vad vad = ref space.Vads[index];
        if (AwaitsSoftFault(thread, vad.Start, vad.End))
        {
            return;
        }

        ulong committed = DeleteCommitted(vad, vad.Start, vad.End, outbox);
        vad = new Vad
        {
            Start = vad.Start,
            End = vad.End,
            AllocationProtection = PageProtection.NoAccess,
            Protection = ProtectionCode.NoAccess,
            Flags = VadFlags.Placeholder,
        };
        StateVad(vad, outbox);
        space.PrivateCommit -= committed;
        space.Written?.Clear(vad.Start, vad.End);
        Vpn start = vad.Start;
        Vpn end = vad.End;
        FreeEmptyTables(outbox);
        ReturnCommit(committed, CommitKind.Private, outbox);
        EndCall(thread, request, start, end, outbox);
    }

    private void Coalesce(int thread, in MemoryRequest request, Outbox outbox)
    {
        AddressSpace space = Space;
        Vpn start = space.Call.Start;
        Vpn end = space.Call.End;
        Vad whole = space.Vads[space.Vads.Find(start)];
        whole.End = end;
        for (int index = space.Vads.Find(start); index >= 0; index = space.Vads.FindFirst(start, end))
        {
            outbox.State(new VadCommitChanged(space.Vads[index].Start, 0, 0));
            space.Vads.RemoveAt(index);
        }

        space.Vads.Insert(whole);
        StateVad(whole, outbox);
        EndCall(thread, request, start, end, outbox);
    }
}
