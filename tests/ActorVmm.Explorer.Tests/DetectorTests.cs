using ActorVmm.Explorer.Explaining;
using ActorVmm.Explorer.Strategies;

namespace ActorVmm.Explorer.Tests;

/// <summary>Deadlocks, message races, hidden nondeterminism, and states that need not be seen twice.</summary>
public sealed class DetectorTests
{
    [Theory]
    [InlineData(StrategyKind.Dpor)]
    [InlineData(StrategyKind.Random)]
    public void WhoWaitsWhenNothingCanBeDeliveredIsInADeadlock(StrategyKind strategy)
    {
        ExplorationResult crossed = new Exploration(new Forks(crossed: true), new ExplorationOptions { Strategy = strategy, Schedules = 1_000 }).Run();
        crossed.Findings.ShouldHaveSingleItem().Violation.Specification.ShouldBe("nobody waits for ever");
        crossed.ViolatingSchedules.ShouldBeLessThan(crossed.Schedules, "most orders are well");

        new Exploration(new Forks(crossed: false), new ExplorationOptions { Strategy = strategy, Schedules = 1_000 }).Run().Findings.ShouldBeEmpty();
    }

    [Fact]
    public void HiddenStateIsFoundByRunningTwice()
    {
        int hidden = 0;
        Program honest = Programs.Senders(3);
        Program forgetful = new("remembers across executions", stage =>
        {
            ActorId receiver = stage.Add((_, _, _) => { });
            stage.AddStarting((_, _, outbox) => outbox.Send(receiver, new Word(hidden++)));
        });
        Program stranger = new("sends more each time", stage =>
        {
            ActorId receiver = stage.Add((_, _, _) => { });
            stage.AddStarting((_, _, outbox) =>
            {
                for (int i = 0; i <= hidden % 3; i++)
                {
                    outbox.Send(receiver, default(Word));
                }

                hidden++;
            });
        });

        foreach (StrategyKind strategy in new[] { StrategyKind.Random, StrategyKind.Dpor, StrategyKind.Portfolio })
        {
            ExplorationOptions options = new() { Strategy = strategy, Schedules = 20, RunsTwice = true };
            ExplorationResult fine = new Exploration(honest, options).Run();
            fine.Schedules.ShouldBe(strategy == StrategyKind.Dpor ? 6 : 20);
            Should.Throw<NondeterminismException>(() => new Exploration(forgetful, options).Run());
            Should.Throw<NondeterminismException>(() => new Exploration(stranger, options).Run());
        }
    }

    [Theory]
    [InlineData(DeliveryModel.Fifo, 3)]
    [InlineData(DeliveryModel.Mailbox, 3)]
    [InlineData(DeliveryModel.Causal, 3)]
    [InlineData(DeliveryModel.Bag, 3)]
    public void EveryPairOfUnorderedDeliveriesIsARace(DeliveryModel model, int races)
    {
        ExploredMachine machine = new(Programs.Senders(3), new ExecutionSetting { Model = model }, recorded: true);
        RandomStrategy random = new(1);
        random.Begin(0);
        machine.Run(random);

        IReadOnlyList<(int First, int Second)> found = MessageRaces.Of(machine);

        found.Count.ShouldBe(races);
        found.All(race => machine.Record[race.First].Actor == machine.Record[race.Second].Actor).ShouldBeTrue();
    }

    [Fact]
    public void WhatIsCausedIsNoRace()
    {
        ExploredMachine machine = new(Programs.Echo(1, 3), new ExecutionSetting(), recorded: true);
        RandomStrategy random = new(1);
        random.Begin(0);
        machine.Run(random);

        MessageRaces.Of(machine).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("collided-fault", DeliveryModel.Fifo, StrategyKind.Random)]
    [InlineData("slot-reuse", DeliveryModel.Bag, StrategyKind.Random)]
    [InlineData("lost-writeback", DeliveryModel.Mailbox, StrategyKind.Random)]
    [InlineData("exit-in-flight", DeliveryModel.Fifo, StrategyKind.Random)]
    [InlineData("collided-fault", DeliveryModel.Fifo, StrategyKind.States)]
    [InlineData("slot-reuse", DeliveryModel.Bag, StrategyKind.States)]
    [InlineData("slot-reuse", DeliveryModel.Causal, StrategyKind.States)]
    [InlineData("lost-writeback", DeliveryModel.Mailbox, StrategyKind.States)]
    [InlineData("exit-in-flight", DeliveryModel.Fifo, StrategyKind.States)]
    public void ASearchThatKeepsFromKnownStatesSeesThemAllAndEnds(string name, DeliveryModel model, StrategyKind strategy)
    {
        foreach (bool isFixed in new[] { false, true })
        {
            ISubject subject = Explored.Model(name, isFixed);
            long states = StatesOf(subject, model);

            ExplorationResult result = new Exploration(subject, new ExplorationOptions
            {
                Strategy = strategy, SkipsKnownStates = true, Setting = new ExecutionSetting { Model = model },
            }).Run();

            result.Exhausted.ShouldBeTrue();
            result.States.ShouldBe(states);
            (result.Findings.Count > 0).ShouldBe(Explored.Dpor(subject, model).ViolatingTraces > 0);
        }
    }

    /// <summary>All states in which something can be delivered, by brute force.</summary>
    private static long StatesOf(ISubject subject, DeliveryModel model)
    {
        SteppedHost host = subject.Build(new SteppedOptions { Model = model }).Host;
        HashSet<Fingerprint> seen = [];
        Stack<MachineSnapshot> open = new();
        Visit();
        while (open.TryPop(out MachineSnapshot? state))
        {
            host.Restore(state);
            int count = host.DeliverableCount;
            for (int index = 0; index < count; index++)
            {
                host.Restore(state);
                host.Deliver(index);
                Visit();
            }
        }

        return seen.Count;

        void Visit()
        {
            if (host.DeliverableCount > 0 && seen.Add(host.StateFingerprint()))
            {
                MachineSnapshot snapshot = new();
                host.Save(snapshot);
                open.Push(snapshot);
            }
        }
    }

    /// <summary>Two who take two forks each, in the same order or in opposite ones.</summary>
    private sealed class Forks(bool crossed) : ISubject
    {
        public string Name => "forks";

        public string Command => Name;

        public SubjectMachine Build(SteppedOptions options)
        {
            SteppedHost host = new(options);
            ActorId left = host.Create(new Fork(), Role.Thread);
            ActorId right = host.Create(new Fork(), Role.Thread);
            foreach (bool turned in new[] { false, crossed })
            {
                ActorId[] order = turned ? [right, left] : [left, right];
                host.Inject(host.Create(new Eater(order), Role.Thread), Message.Of(new Word(0)));
            }

            return new SubjectMachine(host, new NoJudge());
        }
    }

    private sealed class Fork : IActor
    {
        private int _holder;
        private int _waiting;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            bool taken = delivery.Read<Word>().Value == 1;
            if (taken && _holder != 0)
            {
                _waiting = delivery.Sender.Value;
                return;
            }

            _holder = taken ? delivery.Sender.Value : _waiting;
            _waiting = taken ? _waiting : 0;
            if (_holder != 0)
            {
                outbox.Send(new ActorId(_holder), new Word(3));
            }
        }

        public void Encode(StateCodec codec)
        {
            codec.Field("holder", ref _holder);
            codec.Field("waiting", ref _waiting);
        }
    }

    private sealed class Eater(ActorId[] order) : IActor, IWaits
    {
        private int _held;

        public bool IsWaiting => _held < order.Length;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            _held += delivery.Sender.IsOutside ? 0 : 1;
            if (_held < order.Length)
            {
                outbox.Send(order[_held], new Word(1));
                return;
            }

            foreach (ActorId fork in order)
            {
                outbox.Send(fork, new Word(2));
            }
        }

        public void Encode(StateCodec codec) => codec.Field("held", ref _held);
    }

    private sealed class NoJudge : IJudge
    {
        public Violation? Violation => null;

        public void Begin()
        {
        }

        public void End(long turns)
        {
        }

        public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
        {
        }
    }
}
