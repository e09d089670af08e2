using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>What every page that exists should contain: a second opinion, from stores and deletions alone.</summary>
internal sealed class StampLedger : IFactListener
{
    private readonly Dictionary<(ActorId Process, Vpn Page), ContentStamp> _stored = [];

    /// <summary>Pages of a process that were stored to and exist, in order.</summary>
    public IReadOnlyList<Vpn> PagesOf(ActorId process) =>
        [.. _stored.Keys.Where(key => key.Process == process).Select(key => key.Page).OrderBy(page => page.Value)];

    public ContentStamp this[ActorId process, Vpn page] => _stored[(process, page)];

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
        foreach (ref readonly var fact in facts)
        {
            Hear(turn.Actor, in fact);
        }
    }

    private void Hear(ActorId process, in Fact fact)
    {
        if (fact.TryRead(out PageStored stored))
        {
            _stored[(process, stored.Vpn)] = stored.Stamp;
        }
        else if (fact.TryRead(out PageUnmapped unmapped) && unmapped.Cause is UnmapCause.Deleted or UnmapCause.Exit)
        {
            _stored.Remove((process, unmapped.Vpn));
        }
        else if (fact.TryRead(out HintDropped hint) && hint.Deleted != 0)
        {
            _stored.Remove((process, hint.Vpn));
        }
        else if (fact.TryRead(out PagedOutDeleted pagedOut))
        {
            _stored.Remove((process, pagedOut.Vpn));
        }
        else if (fact.TryRead(out ChangedDuringRead changed) && changed.Deleted != 0)
        {
            _stored.Remove((process, changed.Vpn));
        }
    }
}
