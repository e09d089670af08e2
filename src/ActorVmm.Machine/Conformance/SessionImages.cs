using ActorVmm.Protocol;

namespace ActorVmm.Machine.Conformance;

/// <summary>Places for images that a case names, and places in images.</summary>
internal sealed class SessionImages(SessionMachine machine)
{
    /// <summary>Where any image of a case fits: nothing comes near it.</summary>
    public const ulong Free = 0x2000_0000;

    private const ulong Taken = 0x1800_0000;

    private bool _taken;

    /// <summary>An address that is taken in <c>self</c>.</summary>
    public ulong Occupied()
    {
        if (!_taken)
        {
            machine.Call(0, new NativeCall(CallService.Allocate, Taken, PageSize.GranularityBytes)
            {
                Type = (ulong)AllocationType.Reserve,
                Protection = (ulong)PageProtection.NoAccess,
            });
            _taken = true;
        }

        return Taken;
    }

    /// <summary>The first page of a view that may be read and executed, and no more; null when there is none.</summary>
    public ulong? TextOf(ulong view)
    {
        ulong at = view;
        while (true)
        {
            NativeAnswer found = machine.Call(0, new NativeCall(CallService.QueryBasic, at, 0));
            if (!found.Succeeded || found.Words[0] != view)
            {
                return null;
            }

            if (found.Words[1] == (ulong)PageProtection.ExecuteRead)
            {
                return found.Returned.Base;
            }

            at = found.Returned.Base + found.Returned.Size;
        }
    }
}
