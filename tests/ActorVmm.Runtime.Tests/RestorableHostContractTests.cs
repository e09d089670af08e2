using ActorVmm.Actors;

namespace ActorVmm.Runtime.Tests;

/// <summary>What a host promises on top when its machine can be taken back.</summary>
public abstract class RestorableHostContractTests : HostContractTests
{
    protected sealed override IHost Build(HostOptions options) => BuildRestorable(options);

    protected abstract IRestorableHost BuildRestorable(HostOptions options);

    [Fact]
    public void EverySnapshotHasTheSameFutureAsTheRunItWasTakenFrom()
    {
        (Fingerprint whole, HostStatistics statistics) = Town.Run(Build, seed: 21);
        IRestorableHost host = (IRestorableHost)Town.Populate(Build, seed: 21);
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
        IRestorableHost host = (IRestorableHost)Town.Populate(Build, seed: 22);
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
        bool fails = true;
        IRestorableHost host = BuildRestorable(new HostOptions());
        Acting acting = new((_, word, _) => Invariant.Holds(!fails || word.Value < 2, "nobody says two"));
        ActorId id = host.Create(acting, Role.Thread);
        host.Inject(id, new Word(1));
        host.Inject(id, new Word(2));
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
        (Fingerprint whole, HostStatistics statistics) = Town.Run(Build, seed: 23);
        IRestorableHost host = (IRestorableHost)Town.Populate(Build, seed: 23);
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

            IRestorableHost other = (IRestorableHost)Town.Populate(Build, seed: 23);

            other.Restore(MachineSnapshot.Load(stored, actors));

            other.Run().ShouldBe(RunOutcome.Quiescent);
            other.Fingerprint().ShouldBe(whole);
            other.Statistics.ShouldBe(statistics);
        }
    }
}
