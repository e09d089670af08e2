using ActorVmm.Journal.Events;

namespace ActorVmm.Journal.Recording;

/// <summary>
/// Notes the ids of actors that turns create, where a replay would not give the same by itself: it gives the one after the largest so
/// far. And knows which of them may still be on their way to another core.
/// </summary>
internal sealed class BirthLog
{
    private readonly List<ActorId> _young = [];
    private int _next;

    /// <summary>Whether the host gives ids in the order of its turns, so that nothing need be noted.</summary>
    public bool AreForeseen { get; set; }

    /// <summary>The turn of the latest delivery of a batch created these.</summary>
    public void Note(DeliveryBatch batch, ReadOnlySpan<Outbox.Birth> births)
    {
        if (AreForeseen)
        {
            return;
        }

        Span<ActorId> ids = births.Length <= 64 ? stackalloc ActorId[births.Length] : new ActorId[births.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            ids[i] = births[i].Id;
        }

        Note(batch, ids);
        _young.AddRange(ids);
    }

    /// <summary>The turn of the latest delivery of a batch asked for these, and threw.</summary>
    public void Note(DeliveryBatch batch, IReadOnlyList<ActorId> births)
    {
        if (!AreForeseen)
        {
            Note(batch, (ReadOnlySpan<ActorId>)[.. births]);
        }
    }

    /// <summary>Actors that have been created and do not exist yet.</summary>
    public IReadOnlyList<ActorId> OnTheirWay(HostView host)
    {
        _young.RemoveAll(host.Exists);
        return [.. _young];
    }

    private void Note(DeliveryBatch batch, ReadOnlySpan<ActorId> ids)
    {
        bool foreseen = true;
        int next = _next;
        foreach (ActorId id in ids)
        {
            foreseen &= id.Value == next;
            next = Math.Max(next, id.Value + 1);
        }

        if (!foreseen)
        {
            foreach (ActorId id in ids)
            {
                batch.AddBirth(id);
            }
        }

        _next = next;
    }
}
