using ActorVmm.Actors;
using ActorVmm.Runtime.Parallel;

namespace ActorVmm.Runtime.Tests.Parallel;

/// <summary>A recorded run is done again exactly: on one thread, on several, in another order, in pieces, from stored bytes.</summary>
public sealed class ReplayTests
{
    private const int Seeds = 50;

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    public void EveryRunOfAChattyCrowdIsReplayedBitForBit(int workers)
    {
        for (ulong seed = 1; seed <= Seeds; seed++)
        {
            (ParallelHost host, ParallelRecord record) = Record(workers, seed, new HostOptions());
            foreach (ReplayOptions options in (ReplayOptions[])[new(), new() { AnotherOrder = true }, new() { Threads = 2 }, new() { Threads = workers }])
            {
                IHost replay = Replay(record, seed, options);
                replay.Run().ShouldBe(RunOutcome.Quiescent);
                replay.Fingerprint().ShouldBe(host.Fingerprint(), $"seed {seed}, {options}");
                replay.Statistics.ShouldBe(host.Statistics);
                replay.Now.ShouldBe(host.Now);
                for (int id = 1; id < 2_000; id++)
                {
                    host.TryChain(new ActorId(id), out ulong chain, out long turns).ShouldBe(((ReplayHost)replay).TryChain(new ActorId(id), out ulong again, out long turnsAgain));
                    (again, turnsAgain).ShouldBe((chain, turns));
                }
            }
        }
    }

    [Fact]
    public void AStoredRecordIsTheSameRecord()
    {
        (ParallelHost host, ParallelRecord record) = Record(4, 7, new HostOptions());
        byte[] stored = record.Encode();

        ParallelRecord read = ParallelRecord.Decode(stored);

        read.Encode().ShouldBe(stored);
        IHost replay = Replay(read, 7, new ReplayOptions());
        replay.Run();
        replay.Fingerprint().ShouldBe(host.Fingerprint());
    }

    [Fact]
    public void ADamagedRecordIsRefused()
    {
        byte[] stored = Record(2, 7, new HostOptions()).Record.Encode();
        const int SealBytes = 10;
        foreach (int at in Enumerable.Range(0, stored.Length).Where(at => at % 13 == 0 || at >= stored.Length - SealBytes))
        {
            byte[] damaged = [.. stored];
            damaged[at] ^= 0x20;
            Should.Throw<FormatException>(() => ParallelRecord.Decode(damaged));
        }

        Should.Throw<FormatException>(() => ParallelRecord.Decode(stored.AsSpan(0, stored.Length / 2)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ListenersHearInAReplayWhatTheyHeardInTheRun(bool anotherOrder)
    {
        Listener heard = new();
        (_, ParallelRecord record) = Record(4, 11, new HostOptions { FactListeners = [heard], TurnListeners = [heard], Outside = heard });
        Listener again = new();
        var options = new ReplayOptions { FactListeners = [again], TurnListeners = [again], Outside = again, AnotherOrder = anotherOrder };
        Replay(record, 11, options).Run();

        if (!anotherOrder)
        {
            again.Turns.ShouldBe(heard.Turns);
            again.Choices.ShouldBe(heard.Choices);
            again.Facts.ShouldBe(heard.Facts);
            again.Left.ShouldBe(heard.Left);
            return;
        }

        foreach (ActorId actor in heard.Turns.Select(turn => turn.Receiver).Distinct())
        {
            again.Turns.Where(turn => turn.Receiver == actor).ShouldBe(heard.Turns.Where(turn => turn.Receiver == actor));
        }
    }

    [Fact]
    public void AnotherOrderIsAnotherOrder()
    {
        IHost Build(IHost host)
        {
            for (int i = 0; i < 2; i++)
            {
                ActorId id = host.Create(
                    new Acting((_, word, outbox) =>
                    {
                        if (word.Value > 0)
                        {
                            outbox.Send(outbox.Self, new Word(word.Value - 1));
                        }
                    }),
                    Role.Thread);
                host.Inject(id, new Word(50));
            }

            return host;
        }

        Listener heard = new();
        ParallelHost host = Parallel(new HostOptions { TurnListeners = [heard] }, 2);
        Build(host).Run();
        Listener again = new();
        Build(new ReplayHost(host.TakeRecord(), new ReplayOptions { AnotherOrder = true, TurnListeners = [again] })).Run();

        // Nobody talks to anybody else here, so what came last can come first.
        again.Turns.Count.ShouldBe(heard.Turns.Count);
        again.Turns[0].Receiver.ShouldNotBe(heard.Turns[0].Receiver);
    }

    [Fact]
    public void TheOrderExtendsHappensBefore()
    {
        Listener heard = new();
        Record(8, 12, new HostOptions { TurnListeners = [heard] });
        var turns = new Dictionary<ActorId, HashSet<int>>();
        foreach ((ActorId receiver, ActorId sender, int count) in heard.Turns)
        {
            // Nobody hears a message before its sender has taken a turn.
            (sender.IsOutside || turns.ContainsKey(sender)).ShouldBeTrue();
            turns.TryAdd(receiver, []);
            turns[receiver].Add(count);
        }
    }

    [Fact]
    public void AReplayStopsAtAnyDeliveryAndGoesOn()
    {
        Listener heard = new();
        (ParallelHost host, ParallelRecord record) = Record(4, 13, new HostOptions { TurnListeners = [heard] });
        Listener again = new();
        IHost replay = Replay(record, 13, new ReplayOptions { TurnListeners = [again] });
        for (int turns = 0; replay.Run(maxTurns: 7) == RunOutcome.TurnsReached; turns += 7)
        {
            replay.Statistics.Turns.ShouldBe(turns + 7);
            again.Turns.Count.ShouldBe(turns + 7);
        }

        again.Turns.ShouldBe(heard.Turns);
        replay.Fingerprint().ShouldBe(host.Fingerprint());
    }

    [Fact]
    public void ARunInPiecesWithInputsBetweenThemIsReplayed()
    {
        static void Drive(IHost host, Action<IHost> between)
        {
            for (int round = 0; round < 20; round++)
            {
                between(host);
                host.Inject(host.Create(new Acting(), Role.Thread), new Word(round));
                host.Inject(new ActorId(1 + (round % 12)), new Word(round, 3));
            }
        }

        ParallelHost host = (ParallelHost)Crowd.Gather(options => Parallel(options, 4), 3);
        List<ParallelRecord> pieces = [];
        Drive(host, _ =>
        {
            host.Run(maxTurns: 31);
            host.Move(new ActorId(1 + (pieces.Count % 12)), pieces.Count % 4);
            pieces.Add(host.TakeRecord());
        });
        host.Run();
        pieces.Add(host.TakeRecord());

        foreach (int threads in (int[])[1, 3])
        {
            ParallelRecord record = ParallelRecord.Join(pieces);
            IHost replay = Replay(record, 3, new ReplayOptions { Threads = threads });
            Drive(replay, _ => { });
            replay.Run();
            replay.Fingerprint().ShouldBe(host.Fingerprint());
            replay.Statistics.ShouldBe(host.Statistics);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void TheFirstDifferenceIsNamed(int threads)
    {
        ActorId Build(IHost host, int fails)
        {
            ActorId last = host.Create(new Acting(), Role.Thread);
            ActorId middle = host.Create(
                new Acting((self, word, outbox) => outbox.Send(last, new Word(word.Value == fails ? -1 : word.Value))), Role.Thread);
            for (int value = 1; value <= 30; value++)
            {
                host.Inject(middle, new Word(value));
            }

            return last;
        }

        Listener heard = new();
        ParallelHost host = Parallel(new HostOptions { TurnListeners = [heard] }, 2);
        Build(host, fails: 0);
        host.Run();
        ParallelRecord record = host.TakeRecord();
        ReplayHost replay = new(record, new ReplayOptions { Threads = threads });
        ActorId last = Build(replay, fails: 17);

        ReplayDivergedException difference = Should.Throw<ReplayDivergedException>(() => replay.Run());

        difference.Actor.ShouldBe(last);
        difference.Turn.ShouldBe(17);
        difference.Divergence.Actor.ShouldBe(last);
        difference.Divergence.Delivery.ShouldBe(1 + heard.Turns.Select((turn, index) => (turn.Receiver, index)).Where(turn => turn.Receiver == last).ElementAt(16).index);
        difference.Divergence.Words.ShouldContain("was recorded");
        replay.Statistics.Turns.ShouldBe(difference.Divergence.Delivery);
        difference.ExpectedChain.ShouldNotBe((byte)(difference.Chain & 0xFF));
        Should.Throw<InvalidOperationException>(() => replay.Run());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AMessageThatIsNotSentAgainIsMissed(int threads)
    {
        IHost Build(IHost host, int silent)
        {
            ActorId last = host.Create(new Acting(), Role.Thread);
            ActorId first = host.Create(
                new Acting((_, word, outbox) =>
                {
                    if (word.Value < silent)
                    {
                        outbox.Send(last, word);
                        outbox.Send(outbox.Self, new Word(word.Value + 1));
                    }
                }),
                Role.Thread);
            host.Inject(first, new Word(0));
            return host;
        }

        ParallelHost host = new(new ParallelHostOptions { Workers = 2, TurnsPerStep = 1 });
        Build(host, silent: 100).Run();
        IHost replay = Build(new ReplayHost(host.TakeRecord(), new ReplayOptions { Threads = threads }), silent: 50);

        ReplayDivergedException difference = Should.Throw<ReplayDivergedException>(() => replay.Run());
        difference.Divergence.Delivery.ShouldBe(replay.Statistics.Turns + 1);
        replay.Statistics.Turns.ShouldBeInRange(50, 101);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void AStopIsReplayedInTheSameTurn(int threads)
    {
        IHost Build(IHost host)
        {
            ActorId[] actors = new ActorId[6];
            for (int i = 0; i < actors.Length; i++)
            {
                int next = (i + 1) % actors.Length;
                actors[i] = host.Create(
                    new Acting((_, word, outbox) =>
                    {
                        Invariant.Holds(word.Value < 500, "nobody counts to five hundred");
                        outbox.Send(actors[next], new Word(word.Value + 1));
                    }),
                    Role.Thread);
            }

            host.Inject(actors[0], new Word(0));
            host.Inject(actors[3], new Word(0));
            return host;
        }

        ParallelHost host = Parallel(new HostOptions(), 4);
        MachineStoppedException stop = Should.Throw<MachineStoppedException>(() => Build(host).Run());
        ReplayHost replay = new(host.TakeRecord(), new ReplayOptions { Threads = threads });
        MachineStoppedException again = Should.Throw<MachineStoppedException>(() => Build(replay).Run());

        again.Message.ShouldBe(stop.Message);
        again.Turn.ShouldBe(host.Statistics.Turns);
        replay.Fingerprint().ShouldBe(host.Fingerprint());
    }

    [Fact]
    public void AReplayStopsBeforeTheFirstDeliveryThatIsLater()
    {
        Times heard = new();
        (_, ParallelRecord record) = Record(4, 14, new HostOptions { TurnListeners = [heard] });
        IHost replay = Replay(record, 14, new ReplayOptions());
        foreach (Ticks time in heard.Seen.Distinct().Order().ToArray())
        {
            Ticks before = new(time.Value - 1);
            RunOutcome outcome = replay.Run(until: before);
            int later = heard.Seen.FindIndex(seen => seen > before);
            replay.Statistics.Turns.ShouldBe(later);
            outcome.ShouldBe(RunOutcome.TimeReached);
        }
    }

    private static ParallelHost Parallel(HostOptions options, int workers) =>
        new(new ParallelHostOptions(options) { Workers = workers, Clock = TimeProvider.System, TurnsPerStep = 8 });

    private static (ParallelHost Host, ParallelRecord Record) Record(int workers, ulong seed, HostOptions options)
    {
        ParallelHost host = (ParallelHost)Crowd.Gather(given => Parallel(given, workers), seed, options);
        host.Run().ShouldBe(RunOutcome.Quiescent);
        host.Statistics.Turns.ShouldBeGreaterThan(50);
        return (host, host.TakeRecord());
    }

    private sealed class Times : ITurnListener
    {
        public List<Ticks> Seen { get; } = [];

        public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox) => Seen.Add(delivery.Now);
    }

    private static IHost Replay(ParallelRecord record, ulong seed, ReplayOptions options) =>
        Crowd.Gather(given => new ReplayHost(record, options with { Seed = given.Seed }), seed);
}
