namespace ActorVmm.Runtime.Parallel;

/// <summary>The ways between one core and the others: what comes in, and what has been written since the last boundary.</summary>
internal sealed class Roads(int index)
{
    private Batch[] _out = [];

    /// <summary>By core; null from oneself.</summary>
    public BatchChannel?[] From { get; private set; } = [];

    /// <summary>By core; null to oneself.</summary>
    public BatchChannel?[] To { get; private set; } = [];

    /// <summary>Builds all ways between some cores.</summary>
    public static void Connect(IReadOnlyList<Core> cores, Func<BatchChannel> channel)
    {
        foreach (Core core in cores)
        {
            core.Roads.From = new BatchChannel?[cores.Count];
            core.Roads.To = new BatchChannel?[cores.Count];
            core.Roads._out = [.. cores.Select(_ => new Batch())];
        }

        foreach (Core from in cores)
        {
            foreach (Core to in cores.Where(to => to != from))
            {
                from.Roads.To[to.Index] = to.Roads.From[from.Index] = channel();
            }
        }
    }

    /// <summary>What leaves for another core at the next boundary.</summary>
    public Batch Out(int core) => _out[core];

    /// <summary>Whether another core has sent something.</summary>
    public bool AnythingIn()
    {
        foreach (BatchChannel? from in From)
        {
            if (from is not null && from.Waiting > 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether something was written that has not been sent.</summary>
    public bool AnythingOut() => Array.Exists(_out, batch => !batch.IsEmpty);

    /// <summary>Sends what was written for a core; false when there is no room.</summary>
    public bool TrySend(int to, long now)
    {
        ref Batch batch = ref _out[to];
        if (batch.IsEmpty)
        {
            return true;
        }

        if (!To[to]!.HasRoom)
        {
            return false;
        }

        batch.Now = now;
        To[to]!.Send(ref batch);
        return true;
    }

    public int Index { get; } = index;

    /// <summary>Cores wait for each other in a circle; this one breaks it by taking in whatever is there.</summary>
    public bool Relieve { get; set; }
}
