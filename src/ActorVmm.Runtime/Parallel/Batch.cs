namespace ActorVmm.Runtime.Parallel;

/// <summary>A message on its way to another core: 64 bytes. It says who its sender is, which the other core need not know.</summary>
internal struct Parcel
{
    public Message Message;
    public ActorId To;
    public ActorId Sender;
    public int SenderCount;
    public int Unused;
    public ActorIdentity Identity;
}

/// <summary>An actor that begins its life on another core than its creator's.</summary>
internal readonly record struct Emigrant(ActorId Id, IActor Actor, Role Role, ActorIdentity Identity);

/// <summary>Everything that one step of one core has for another core. Used again and again.</summary>
internal sealed class Batch
{
    private Parcel[] _parcels = new Parcel[16];
    private int _count;

    public ReadOnlySpan<Parcel> Parcels => _parcels.AsSpan(0, _count);

    public List<Emigrant> Births { get; } = [];

    /// <summary>The virtual time of the step; the receiver's is no earlier. Negative while nobody has said it.</summary>
    public long Now { get; set; } = -1;

    public bool IsEmpty => _count == 0 && Births.Count == 0;

    public ref Parcel Add()
    {
        if (_count == _parcels.Length)
        {
            Array.Resize(ref _parcels, _count * 2);
        }

        return ref _parcels[_count++];
    }

    public void Clear()
    {
        _count = 0;
        Now = -1;
        Births.Clear();
    }

    /// <summary>Passes the batch through the codec; actors in it are kept as objects, by id, in <paramref name="actors"/>.</summary>
    public void Encode(StateCodec codec, Span<IActor?> actors)
    {
        long now = Now;
        int births = Births.Count;
        codec.Field("now", ref now);
        codec.Values("parcels", ref _parcels, ref _count);
        codec.Field("births", ref births);
        Now = now;
        for (int i = 0; i < births; i++)
        {
            (ActorId id, IActor? actor, Role role, ActorIdentity identity) = codec.Restoring ? default : Births[i];
            codec.Field("id", ref id);
            codec.Field("role", ref role);
            codec.Field("identity", ref identity);
            if (codec.Restoring)
            {
                actor = actors[id.Value]!;
                Births.Add(new Emigrant(id, actor, role, identity));
            }

            actors[id.Value] = actor;
            actor.Encode(codec);
        }
    }
}
