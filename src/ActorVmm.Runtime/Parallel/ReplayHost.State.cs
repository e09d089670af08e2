namespace ActorVmm.Runtime.Parallel;

/// <summary>The replayed machine at any delivery: looked at, saved, and taken back or forward.</summary>
public sealed partial class ReplayHost
{
    /// <summary>Ids taken so far; cores take them by the block, so that not every id has been given to somebody.</summary>
    public int ActorCount => _group.ActorCount;

    /// <inheritdoc/>
    public Fingerprint FingerprintOf(ActorId actor, StateHasher hasher) => _group.FingerprintOf(actor, hasher);

    /// <inheritdoc/>
    public IActor? ActorOf(ActorId id) => _group.ActorOf(id);

    /// <inheritdoc/>
    public ActorIdentity IdentityOf(ActorId id) => _group.IdentityOf(id);

    /// <inheritdoc/>
    public void ListPending(ICollection<PendingDelivery> into) => _group.ListPending(into);

    /// <summary>
    /// Takes a snapshot at any delivery. Between two recorded runs it is, byte for byte, what the <see cref="ParallelHost"/> would
    /// have saved there, and one can go on from it.
    /// </summary>
    /// <exception cref="InvalidOperationException">The replay has stopped or differs.</exception>
    public void Save(MachineSnapshot into)
    {
        ArgumentNullException.ThrowIfNull(into);
        RefuseInsideRun();
        RefuseAfterEnd();
        into.Begin(_group.ActorCount);
        Encode(into.Writer, into);
    }

    /// <summary>
    /// Goes back, or forward, to a snapshot of the same run, saved here or by the host that recorded it. The starting actors up to
    /// there have been created.
    /// </summary>
    /// <exception cref="InvalidOperationException">The record does not reach there, or the snapshot is of another number of cores.</exception>
    public void Restore(MachineSnapshot from)
    {
        ArgumentNullException.ThrowIfNull(from);
        RefuseInsideRun();
        foreach (GivenActor given in _given)
        {
            given.Keep();
        }

        Encode(from.Open(), from);
        from.Close();
        _failed = false;
    }

    private void Encode(StateCodec codec, MachineSnapshot snapshot)
    {
        int ended = _inRun && _turns > _record.Start ? 0 : _ended;
        RecordPosition position = new RecordPosition(_turns, ended, _heard, _inRun).Encode(codec, _cores.Length);
        if (codec.Restoring)
        {
            _record.GoTo(in position);
            (_turns, _ended, _heard, _inRun) = position;
        }

        codec.Field("now", ref _now);
        Span<long> turns = stackalloc long[_cores.Length];
        for (int i = 0; i < _cores.Length; i++)
        {
            turns[i] = _cores[i].Turns;
        }

        _group.Encode(codec, snapshot, turns, core => _cores[core].InStep);
        for (int i = 0; i < _cores.Length; i++)
        {
            _cores[i].Turns = turns[i];
        }

        if (codec.Restoring)
        {
            BeBetweenRuns();
        }

        if (_inRun)
        {
            EncodeRun(codec);
        }
    }

    private void BeBetweenRuns()
    {
        foreach (ReplayedCore core in _cores)
        {
            core.Close();
            core.Core.Turn.Telling = false;
        }
    }

    /// <summary>Passes on how far each core is in the recorded run under way.</summary>
    private void EncodeRun(StateCodec codec)
    {
        if (codec.Restoring)
        {
            Open(_record.Run!);
        }

        foreach (ReplayedCore core in _cores)
        {
            core.Encode(codec);
        }
    }
}
