namespace ActorVmm.Explorer.Catalogue.Cast;

/// <summary>The processors whose translations have to go, and how many have not yet said that theirs is gone.</summary>
internal sealed class Processors(int count)
{
    private int _missing;
    private bool _dirty;

    public ActorId[] Ids { get; } = new ActorId[count];

    /// <summary>All have acknowledged.</summary>
    public bool AreFlushed => _missing == 0;

    /// <summary>One of them stored through its translation.</summary>
    public bool HaveStored => _dirty;

    public void Flush(Outbox outbox)
    {
        _missing = Ids.Length;
        foreach (ActorId processor in Ids)
        {
            outbox.Send(processor, new Flush());
        }
    }

    /// <summary>Counts an acknowledgement.</summary>
    /// <returns>Whether it was the last.</returns>
    public bool Acknowledged(in Delivery delivery)
    {
        _dirty |= delivery.Read<Acknowledge>().Dirty != 0;
        return --_missing == 0;
    }

    public void Encode(StateCodec codec)
    {
        codec.Field("missing", ref _missing);
        codec.Field("dirty", ref _dirty);
    }
}
