namespace ActorVmm.Runtime.Parallel;

/// <summary>What a core holds between two turns: to be saved, gone back to, and looked at.</summary>
internal sealed partial class Core
{
    private readonly HostStatistics[] _record = new HostStatistics[1];

    /// <summary>Passes everything that lives here through the codec, and what is on its way from here.</summary>
    /// <param name="codec">Reads or replaces.</param>
    /// <param name="snapshot">Keeps the actors as objects.</param>
    /// <param name="turns">Turns taken here; who drives the core counts them.</param>
    /// <param name="inStep">Whether a step is under way.</param>
    public void Encode(StateCodec codec, MachineSnapshot snapshot, ref long turns, bool inStep)
    {
        Actors.Encode(codec, snapshot);
        _record[0] = _counted with { Turns = turns };
        codec.Values("statistics", _record);
        turns = _record[0].Turns;
        _counted = _record[0] with { Turns = 0 };
        (long now, ActorId latest) = (Now, Latest);
        codec.Field("now", ref now);
        codec.Field("nextId", ref _nextId);
        codec.Field("lastId", ref _lastId);
        codec.Field("latest", ref latest);
        codec.Field("kind", ref _kind);
        (Now, Latest) = (now, latest);
        _mail.Encode(codec, Actors);
        _timers.Sort();
        _timers.Encode(codec, Actors);
        _ready.Encode(codec, Actors);
        EncodeReadyDevices(codec);
        Roads.Encode(codec, snapshot.Actors, Now, inStep);
    }

    /// <summary>Appends what waits here, and what is on its way from here.</summary>
    public void ListPending(ICollection<PendingDelivery> into)
    {
        _mail.List(Actors, new Ticks(Now), into);
        Roads.List(into, Now);
        _timers.List(into);
    }

    private void EncodeReadyDevices(StateCodec codec)
    {
        int count = _readyDevices.Count;
        codec.Field("readyDevices", ref count);
        if (codec.Restoring)
        {
            _readyDevices.Clear();
        }

        for (int i = 0; i < count; i++)
        {
            int id = codec.Restoring ? 0 : _readyDevices.Dequeue();
            codec.Field("device", ref id);
            _readyDevices.Enqueue(id);
        }
    }
}
