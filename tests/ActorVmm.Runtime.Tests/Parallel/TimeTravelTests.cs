using ActorVmm.Actors;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Runtime.Tests.Parallel;

/// <summary>Going to any delivery of a parallel run and back, and going on live from the end of its record.</summary>
public sealed class TimeTravelTests
{
    public static TheoryData<int, ulong> Runs => new()
    {
        { 1, 31 },
        { 2, 32 },
        { 4, 33 },
        { 8, 34 },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void EveryDeliveryIsTheSameHoweverItIsReached(int workers, ulong seed)
    {
        RecordedCrowd run = new(workers, seed);
        ReplayHost replay = run.BeginReplay();
        List<Fingerprint> seen = [replay.Fingerprint()];
        List<MachineSnapshot> snapshots = [new()];
        replay.Save(snapshots[0]);
        while (!replay.AtEnd)
        {
            replay.Run(maxTurns: 1);
            seen.Add(replay.Fingerprint());
            snapshots.Add(new MachineSnapshot());
            replay.Save(snapshots[^1]);
        }

        int last = (int)run.Host.Statistics.Turns;
        seen.Count.ShouldBe(last + 1);
        seen[last].ShouldBe(run.Host.Fingerprint());
        replay.Statistics.ShouldBe(run.Host.Statistics);
        Random random = new(1);
        MachineSnapshot again = new();
        for (int jump = 0; jump < 300; jump++)
        {
            int from = random.Next(last + 1);
            int to = Math.Min(last, from + random.Next(40));
            replay.Restore(snapshots[from]);
            replay.Fingerprint().ShouldBe(seen[from]);
            replay.Run(maxTurns: to - from);
            replay.Statistics.Turns.ShouldBe(to);
            replay.Fingerprint().ShouldBe(seen[to], $"from {from} to {to}");
            if (to > from)
            {
                replay.Save(again);
                again.Written.SequenceEqual(snapshots[to].Written).ShouldBeTrue($"from {from} to {to}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void ASnapshotOfTheLiveHostIsAPlaceInItsReplay(int workers, ulong seed)
    {
        RecordedCrowd run = new(workers, seed);
        ReplayHost replay = run.BeginReplay(ParallelRecord.Join(run.Records));
        foreach (MachineSnapshot saved in Enumerable.Reverse(run.Saved).Concat(run.Saved))
        {
            replay.Restore(RecordedCrowd.Stored(saved));
            MachineSnapshot same = new();
            replay.Save(same);
            same.Written.SequenceEqual(saved.Written).ShouldBeTrue();

            replay.Run();
            replay.Fingerprint().ShouldBe(run.Host.Fingerprint());
            replay.Statistics.ShouldBe(run.Host.Statistics);
            replay.Now.ShouldBe(run.Host.Now);
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void BetweenTwoRunsTheReplayIsByteForByteTheLiveHost(int workers, ulong seed)
    {
        ParallelHost host = new RecordedCrowd(workers, seed).BeginLive();
        List<(MachineSnapshot Saved, List<PendingDelivery> Pending)> live = [];
        RunOutcome outcome;
        do
        {
            live.Add((new MachineSnapshot(), []));
            host.Save(live[^1].Saved);
            host.ListPending(live[^1].Pending);
            outcome = host.Run(maxTurns: 17);
        }
        while (outcome is not RunOutcome.Quiescent);

        ReplayHost replay = (ReplayHost)Crowd.Gather(options => new ReplayHost(host.TakeRecord(), new ReplayOptions(options)), seed);
        foreach ((MachineSnapshot saved, List<PendingDelivery> pending) in live)
        {
            MachineSnapshot here = new();
            replay.Save(here);
            here.Written.SequenceEqual(saved.Written).ShouldBeTrue($"at delivery {replay.Statistics.Turns}");
            List<PendingDelivery> listed = [];
            replay.ListPending(listed);
            listed.ShouldBe(pending);
            here.ActorCount.ShouldBe(replay.ActorCount);
            for (int id = 0; id < replay.ActorCount; id++)
            {
                (replay.ActorOf(new ActorId(id)) is null).ShouldBe(saved.Actor(new ActorId(id)) is null || IsOnItsWay(id));
            }

            replay.Run(maxTurns: 17);

            bool IsOnItsWay(int id) => !replay.TryChain(new ActorId(id), out _, out _);
        }

        live.Count.ShouldBeGreaterThan(5);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void AReplayAtItsEndGoesOnLive(int workers, ulong seed)
    {
        RecordedCrowd run = new(workers, seed);
        ReplayHost replay = run.BeginReplay();
        replay.Run();
        MachineSnapshot end = new();
        replay.Save(end);
        Listener heard = new();
        ParallelHost live = run.BeginLive(new HostOptions { FactListeners = [heard] });

        live.Restore(end);
        live.ActorOf(new ActorId(1)).ShouldBe(replay.ActorOf(new ActorId(1)));
        live.Fingerprint().ShouldBe(run.Host.Fingerprint());
        live.Run().ShouldBe(RunOutcome.Quiescent);

        live.Statistics.Turns.ShouldBeGreaterThan(run.Host.Statistics.Turns);
        heard.Facts.Select(fact => fact.Turn).ShouldBe(Numbers(run.Host.Statistics.Turns + 1, live.Statistics.Turns));
        ParallelRecord whole = ParallelRecord.Join([.. run.Records, live.TakeRecord()]);
        whole.Deliveries.ShouldBe(live.Statistics.Turns);
        ReplayHost again = run.BeginReplay(whole);
        again.Run().ShouldBe(RunOutcome.Quiescent);
        again.Fingerprint().ShouldBe(live.Fingerprint());
        again.Statistics.ShouldBe(live.Statistics);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void ALiveHostThatGoesBackRecordsWhatItDidInTheEnd(int workers, ulong seed)
    {
        RecordedCrowd crowd = new(workers, seed);
        ParallelHost host = crowd.BeginLive();
        List<ParallelRecord> pieces = [];
        MachineSnapshot snapshot = new();
        for (int round = 0; round < 8; round++)
        {
            host.Run(maxTurns: 9);
            host.Inject(new ActorId(1), new Word(round));
            if (round % 3 == 1)
            {
                pieces.Add(host.TakeRecord());
            }

            host.Inject(new ActorId(2), new Word(round));
            host.Save(snapshot);
            host.Inject(new ActorId(3), new Word(round));
            host.Run(maxTurns: 50);
            host.Restore(snapshot);
        }

        host.Run();
        pieces.Add(host.TakeRecord());

        ReplayHost replay = (ReplayHost)Crowd.Gather(options => new ReplayHost(ParallelRecord.Join(pieces), new ReplayOptions(options)), seed);
        replay.Run().ShouldBe(RunOutcome.Quiescent);
        replay.Fingerprint().ShouldBe(host.Fingerprint());
        replay.Statistics.ShouldBe(host.Statistics);
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void AReplayOnThreadsStopsAtAnyDeliveryToo(int workers, ulong seed)
    {
        RecordedCrowd run = new(workers, seed);
        ReplayHost one = run.BeginReplay();
        ReplayHost several = run.BeginReplay(threads: Math.Max(2, workers));
        MachineSnapshot begin = new();
        several.Save(begin);
        foreach (int turns in (int[])[60, 1, 22, 0, 23, 24, 46, 300])
        {
            one.Run(maxTurns: turns);
            several.Run(maxTurns: turns);
            several.Statistics.ShouldBe(one.Statistics);
            several.Fingerprint().ShouldBe(one.Fingerprint());
            several.Now.ShouldBe(one.Now);
        }

        several.Restore(begin);
        several.Run();
        several.AtEnd.ShouldBeTrue();
        several.Fingerprint().ShouldBe(run.Host.Fingerprint());
        several.Statistics.ShouldBe(run.Host.Statistics);
    }

    [Fact]
    public void OnlyThePiecesThatAreNeededAreRead()
    {
        RecordedCrowd run = new(2, 41);
        ReplayHost replay = run.BeginReplay();
        replay.Restore(RecordedCrowd.Stored(run.Saved[^1]));
        int asked = run.Asked;
        replay.Restore(RecordedCrowd.Stored(run.Saved[0]));
        replay.Run(maxTurns: 1);

        (run.Asked - asked).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public void PlacesThatDoNotFitAreRefused()
    {
        RecordedCrowd run = new(2, 42);
        ReplayHost replay = run.BeginReplay();
        replay.Run(maxTurns: 30);
        MachineSnapshot middle = new();
        replay.Save(middle);

        Should.Throw<InvalidOperationException>(() => run.BeginLive().Restore(middle)).Message.ShouldContain("delivery 30");
        Should.Throw<InvalidOperationException>(() => new RecordedCrowd(4, 42).BeginReplay().Restore(middle)).Message.ShouldContain("2 cores");
        var record = ParallelRecord.Join(run.Records.Take(3));
        var shorter = (ReplayHost)Crowd.Gather(options => new ReplayHost(record, new ReplayOptions(options)), 42);
        Should.Throw<InvalidOperationException>(() => shorter.Restore(run.Saved[^1])).Message.ShouldContain("delivery 207");
    }

    [Fact]
    public void AStoppedParallelHostGoesOnFromASnapshotOnSeveralCores()
    {
        bool fails = true;
        ParallelHost host = new(new ParallelHostOptions { Workers = 4 });
        ActorId last = host.Create(new Acting((_, word, _) => Invariant.Holds(!fails || word.Value < 40, "nobody says forty")), Role.Thread);
        ActorId first = host.Create(
            new Acting((_, word, outbox) =>
            {
                outbox.Send(last, new Word(word.Value));
                outbox.Send(outbox.Self, new Word(word.Value + 1));
            }),
            Role.Thread);
        host.Inject(first, new Word(0));
        host.Run(maxTurns: 30);
        MachineSnapshot before = new();
        host.Save(before);
        Should.Throw<MachineStoppedException>(() => host.Run());
        Should.Throw<InvalidOperationException>(() => host.Save(new MachineSnapshot()));

        fails = false;
        host.Restore(before);

        host.Run(maxTurns: 200).ShouldBe(RunOutcome.TurnsReached);
        host.Statistics.Turns.ShouldBe(230);
    }

    private static IEnumerable<long> Numbers(long first, long last)
    {
        for (long number = first; number <= last; number++)
        {
            yield return number;
        }
    }
}
