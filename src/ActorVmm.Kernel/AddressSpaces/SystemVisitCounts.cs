namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>What visits to the system have cost a process so far.</summary>
public record struct SystemVisitCounts(long Calls, long CallMisses, long Switches, long SwitchMisses, long UserMisses);

/// <summary>Counts visits to the system, and keeps the misses of the process's own pages apart from those of the system's.</summary>
internal sealed class SystemVisits : IEncodable
{
    public SystemVisitCounts Counts;

    private long _seen;

    /// <summary>Misses since it was looked last are the process's own.</summary>
    public void NoteUserMisses(long misses)
    {
        Counts.UserMisses += misses - _seen;
        _seen = misses;
    }

    /// <summary>Misses since it was looked last are the system's.</summary>
    public void Skip(long misses) => _seen = misses;

    public void Encode(StateCodec codec)
    {
        (long calls, long callMisses, long switches, long switchMisses, long userMisses) = Counts;
        codec.Field("calls", ref calls);
        codec.Field("call misses", ref callMisses);
        codec.Field("switches", ref switches);
        codec.Field("switch misses", ref switchMisses);
        codec.Field("user misses", ref userMisses);
        codec.Field("seen", ref _seen);
        Counts = new SystemVisitCounts(calls, callMisses, switches, switchMisses, userMisses);
    }
}
