namespace ActorVmm.Runtime.Parallel;

/// <summary>The machine between runs: looked at, saved, and taken back or forward to another place.</summary>
public sealed partial class ParallelHost
{
    /// <summary>Ids taken so far; cores take them by the block, so that not every id has been given to somebody.</summary>
    public int ActorCount => _group.ActorCount;

    /// <summary>The share that one actor has in the fingerprint; it exists.</summary>
    public Fingerprint FingerprintOf(ActorId actor, StateHasher hasher) => _group.FingerprintOf(actor, hasher);

    /// <inheritdoc/>
    public IActor? ActorOf(ActorId id) => _group.ActorOf(id);

    /// <inheritdoc/>
    public ActorIdentity IdentityOf(ActorId id) => _group.IdentityOf(id);

    /// <inheritdoc/>
    public void ListPending(ICollection<PendingDelivery> into) => _group.ListPending(into);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The machine has stopped: its cores stand in the middle of their steps.</exception>
    public void Save(MachineSnapshot into)
    {
        ArgumentNullException.ThrowIfNull(into);
        RefuseInsideRun();
        RefuseAfterEnd();
        into.Begin(_group.ActorCount);
        into.Mark = _recorder.Mark;
        Encode(into.Writer, into);
    }

    /// <summary>
    /// Goes back, or forward again, to a snapshot of this machine; or goes on from where a <see cref="ReplayHost"/> is, between two
    /// recorded runs. What is recorded from now on follows what had been recorded up to there.
    /// </summary>
    /// <exception cref="InvalidOperationException">It was taken in the middle of a recorded run, or of another number of cores.</exception>
    public void Restore(MachineSnapshot from)
    {
        ArgumentNullException.ThrowIfNull(from);
        RefuseInsideRun();
        Encode(from.Open(), from);
        from.Close();
        _stop = null;
        _storyteller.Restored(Statistics.Turns);
        foreach (CoreRunner runner in _runners)
        {
            runner.Restored();
        }
    }

    private void Encode(StateCodec codec, MachineSnapshot snapshot)
    {
        RecordPosition position = _recorder.PositionAfter(Statistics.Turns).Encode(codec, _cores.Length);
        if (position.InRun)
        {
            throw new InvalidOperationException(
                FormattableString.Invariant($"delivery {position.Deliveries} lies in the middle of a recorded run: the machine goes on live only from between two"));
        }

        codec.Field("now", ref _now);
        Span<long> turns = stackalloc long[_cores.Length];
        for (int i = 0; i < _cores.Length; i++)
        {
            turns[i] = _cores[i].Turn.Number;
        }

        _group.Encode(codec, snapshot, turns, static _ => false);
        if (!codec.Restoring)
        {
            return;
        }

        for (int i = 0; i < _cores.Length; i++)
        {
            _cores[i].Turn.Number = turns[i];
        }

        if (_options.Recording)
        {
            _recorder.GoTo(snapshot.Mark, in position);
        }
    }
}
