using ActorVmm.Actors;

namespace ActorVmm.Runtime.Tests;

/// <summary>What a host promises on top when its machine can be taken back.</summary>
public abstract class RestorableHostContractTests
{
    /// <summary>A host of this kind with a machine that has not run.</summary>
    /// <param name="populate">Builds the machine on a host; may be called more than once.</param>
    protected abstract IRestorableHost Begin(Func<Func<HostOptions, IHost>, IHost> populate);

    private IRestorableHost BeginTown(ulong seed) => Begin(build => Town.Populate(build, seed));

    private (Fingerprint Fingerprint, HostStatistics Statistics) RunTown(ulong seed)
    {
        IRestorableHost host = BeginTown(seed);
        host.Run().ShouldBe(RunOutcome.Quiescent);
        return (host.Fingerprint(), host.Statistics);
    }

    [Fact]
    public void EverySnapshotHasTheSameFutureAsTheRunItWasTakenFrom()
    {
        (Fingerprint whole, HostStatistics statistics) = RunTown(21);
        IRestorableHost host = BeginTown(21);
        List<MachineSnapshot> snapshots = [];
        do
        {
            snapshots.Add(new MachineSnapshot());
            host.Save(snapshots[^1]);
        }
        while (host.Run(maxTurns: 3) != RunOutcome.Quiescent);

        snapshots.Count.ShouldBeGreaterThan(10);
        foreach (MachineSnapshot snapshot in Enumerable.Reverse(snapshots).Concat(snapshots))
        {
            host.Restore(snapshot);
            host.Run().ShouldBe(RunOutcome.Quiescent);
            host.Fingerprint().ShouldBe(whole);
            host.Statistics.ShouldBe(statistics);
        }
    }

    [Fact]
    public void ARestoredMachineIsSavedAsTheSameBytes()
    {
        IRestorableHost host = BeginTown(22);
        host.Run(maxTurns: 40);
        MachineSnapshot before = new();
        MachineSnapshot after = new();
        host.Save(before);
        host.Run(maxTurns: 25);

        host.Restore(before);
        host.Save(after);

        after.Written.SequenceEqual(before.Written).ShouldBeTrue();
    }

    [Fact]
    public void AStoppedMachineGoesOnFromASnapshot()
    {
        bool fails = false;
        Acting acting = new();
        IRestorableHost host = Begin(build =>
        {
            IHost host = build(new HostOptions());
            acting = new Acting((_, word, _) => Invariant.Holds(!fails || word.Value < 2, "nobody says two"));
            ActorId id = host.Create(acting, Role.Thread);
            host.Inject(id, new Word(1));
            host.Inject(id, new Word(2));
            return host;
        });
        fails = true;
        MachineSnapshot start = new();
        host.Save(start);
        Should.Throw<MachineStoppedException>(() => host.Run());

        fails = false;
        host.Restore(start);

        host.Run().ShouldBe(RunOutcome.Quiescent);
        acting.Heard.ToArray().ShouldBe([1, 2]);
    }

    [Fact]
    public void AStoredSnapshotHasTheSameFutureOnANewHost()
    {
        (Fingerprint whole, HostStatistics statistics) = RunTown(23);
        IRestorableHost host = BeginTown(23);
        MachineSnapshot snapshot = new();
        while (host.Run(maxTurns: 13) != RunOutcome.Quiescent)
        {
            host.Save(snapshot);
            byte[] stored = snapshot.Written.ToArray();
            IActor?[] actors = new IActor?[snapshot.ActorCount];
            for (int id = 0; id < actors.Length; id++)
            {
                actors[id] = snapshot.Actor(new ActorId(id)) is null ? null : new Town();
            }

            IRestorableHost other = BeginTown(23);

            other.Restore(MachineSnapshot.Load(stored, actors));

            other.Run().ShouldBe(RunOutcome.Quiescent);
            other.Fingerprint().ShouldBe(whole);
            other.Statistics.ShouldBe(statistics);
        }
    }
}
