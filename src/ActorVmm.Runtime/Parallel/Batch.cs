namespace ActorVmm.Runtime.Parallel;

/// <summary>A message on its way to another core: 64 bytes. It says who its sender is, which the other core need not know.</summary>
internal struct Parcel
{
    public Message Message;
    public ActorId To;
    public ActorId Sender;
    public int SenderCount;
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

    /// <summary>The virtual time of the step; the receiver's is no earlier.</summary>
    public long Now { get; set; }

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
        Births.Clear();
    }
}
