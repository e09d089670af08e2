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

    /// <summary>How many batches are waiting.</summary>
    public int Arrived
    {
        get
        {
            int sum = 0;
            foreach (BatchChannel? from in From)
            {
                sum += from?.Waiting ?? 0;
            }

            return sum;
        }
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

        Stamp(batch, now);
        if (!To[to]!.HasRoom)
        {
            return false;
        }

        To[to]!.Send(ref batch);
        return true;
    }

    /// <summary>
    /// Passes what has been sent from here through the codec, and what will be. What a finished step had no room for counts as
    /// sent: in a replay it is.
    /// </summary>
    /// <param name="codec">Reads or replaces.</param>
    /// <param name="actors">By id, those that are on their way.</param>
    /// <param name="now">The virtual time here.</param>
    /// <param name="inStep">Whether a step is under way here.</param>
    public void Encode(StateCodec codec, Span<IActor?> actors, long now, bool inStep)
    {
        codec.Field("inStep", ref inStep);
        for (int to = 0; to < _out.Length; to++)
        {
            if (to == Index)
            {
                continue;
            }

            if (codec.Restoring)
            {
                Restore(codec, actors, to);
            }
            else
            {
                Save(codec, actors, to, now, inStep);
            }

            if (inStep)
            {
                _out[to].Encode(codec, actors);
            }
        }
    }

    /// <summary>Appends what is on its way from here.</summary>
    public void List(ICollection<PendingDelivery> into, long now)
    {
        for (int to = 0; to < _out.Length; to++)
        {
            for (int i = 0; i < (To[to]?.Waiting ?? 0); i++)
            {
                List(To[to]!.At(i), into, now);
            }

            List(_out[to], into, now);
        }
    }

    private static void List(Batch batch, ICollection<PendingDelivery> into, long now)
    {
        Ticks due = new(batch.Now < 0 ? now : batch.Now);
        foreach (ref readonly Parcel parcel in batch.Parcels)
        {
            into.Add(new PendingDelivery(PendingPlace.UnderWay, parcel.To, parcel.Sender, parcel.SenderCount, due, parcel.Message));
        }
    }

    private void Save(StateCodec codec, Span<IActor?> actors, int to, long now, bool inStep)
    {
        BatchChannel road = To[to]!;
        int sent = road.Waiting;
        int waiting = sent + (inStep || _out[to].IsEmpty ? 0 : 1);
        codec.Field("batches", ref waiting);
        for (int i = 0; i < waiting; i++)
        {
            Batch batch = i < sent ? road.At(i) : _out[to];
            Stamp(batch, now);
            batch.Encode(codec, actors);
        }
    }

    private void Restore(StateCodec codec, Span<IActor?> actors, int to)
    {
        int waiting = 0;
        codec.Field("batches", ref waiting);
        To[to]!.Empty(waiting);
        _out[to].Clear();
        for (int i = 0; i < waiting; i++)
        {
            Batch batch = new();
            batch.Encode(codec, actors);
            To[to]!.Send(ref batch);
        }
    }

    /// <summary>The time at the end of the step that wrote it, however long it waits for room.</summary>
    private static void Stamp(Batch batch, long now) => batch.Now = batch.Now < 0 ? now : batch.Now;

    public int Index { get; } = index;

    /// <summary>Cores wait for each other in a circle; this one breaks it by taking in whatever is there.</summary>
    public bool Relieve { get; set; }
}
