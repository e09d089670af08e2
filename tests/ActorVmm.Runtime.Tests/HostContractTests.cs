using ActorVmm.Actors;

namespace ActorVmm.Runtime.Tests;

/// <summary>What every host promises. A host passes by a short subclass that says how to build it.</summary>
public abstract class HostContractTests
{
    /// <summary>Whether virtual time passes on this host.</summary>
    protected abstract bool HasTime { get; }

    protected abstract IHost Build(HostOptions options);

    [Fact]
    public void MessagesFromOneSenderArriveInTheOrderInWhichTheyWereSent()
    {
        IHost host = Build(new HostOptions { Processors = 4 });
        Acting receiver = new();
        ActorId to = host.Create(receiver, Role.Thread);
        Acting[] senders = new Acting[5];
        for (int i = 0; i < senders.Length; i++)
        {
            int offset = i * 100;
            senders[i] = new Acting((self, word, outbox) =>
            {
                outbox.Send(to, new Word(offset + word.Value));
                outbox.Spend(new Ticks(1 + ((offset + word.Value) % 7)));
                outbox.Send(to, new Word(offset + word.Value + 1));
                if (word.Value < 40)
                {
                    outbox.Send(outbox.Self, new Word(word.Value + 2));
                }
            });
            host.Inject(host.Create(senders[i], Role.Thread), new Word(0));
        }

        host.Run().ShouldBe(RunOutcome.Quiescent);

        int[] heard = receiver.Heard.ToArray();
        heard.Length.ShouldBe(5 * 42);
        for (int i = 0; i < senders.Length; i++)
        {
            heard.Where(value => value / 100 == i).ShouldBe(Enumerable.Range(i * 100, 42));
        }
    }

    [Fact]
    public void MessagesToAChildArriveWhenTheyWereSentInTheTurnThatCreatedIt()
    {
        IHost host = Build(new HostOptions());
        Acting child = new();
        ActorId childId = default;
        ActorId parent = host.Create(
            new Acting((_, _, outbox) =>
            {
                childId = outbox.Create(child, Role.Thread);
                outbox.Send(childId, new Word(7));
                outbox.Send(childId, new Word(8));
            }),
            Role.Thread);
        host.Inject(parent, new Word(1));

        host.Run();

        child.Heard.ToArray().ShouldBe([7, 8]);
        child.Senders.ShouldAllBe(sender => sender == parent);
        childId.Value.ShouldBe(parent.Value + 1);
    }

    [Fact]
    public void StoppingDropsWhatIsWaitingAndWhatComesLater()
    {
        IHost host = Build(new HostOptions());
        Acting stopping = new((self, word, outbox) =>
        {
            if (word.Value == 2)
            {
                outbox.StartTimer(new Ticks(5), new Word(99));
                outbox.Send(outbox.Self, new Word(98));
                outbox.Stop();
            }
        });
        ActorId id = host.Create(stopping, Role.Thread);
        for (int value = 1; value <= 4; value++)
        {
            host.Inject(id, new Word(value));
        }

        host.Run().ShouldBe(RunOutcome.Quiescent);
        host.Inject(id, new Word(5));
        host.Run().ShouldBe(RunOutcome.Quiescent);

        stopping.Heard.ToArray().ShouldBe([1, 2]);
        host.Statistics.Dropped.ShouldBe(4);
        host.Statistics.ActorsStopped.ShouldBe(1);
        host.Statistics.TimersFired.ShouldBe(0);
    }

    [Fact]
    public void TimersFireInTheOrderOfTheirTimesAndThenOfTheirStart()
    {
        if (!HasTime)
        {
            return;
        }

        IHost host = Build(new HostOptions());
        Acting sleeper = new((self, word, outbox) =>
        {
            if (word.Value == 0)
            {
                outbox.StartTimer(new Ticks(3_000), new Word(5));
                outbox.StartTimer(new Ticks(1_000), new Word(1));
                outbox.StartTimer(new Ticks(2_000), new Word(3));
                outbox.StartTimer(new Ticks(1_000), new Word(2));
                outbox.StartTimer(new Ticks(2_000), new Word(4));
                outbox.StartTimer(Ticks.Never, new Word(6));
            }
        });
        host.Inject(host.Create(sleeper, Role.Thread), new Word(0));

        host.Run().ShouldBe(RunOutcome.Quiescent);

        sleeper.Heard.ToArray().ShouldBe([0, 1, 2, 3, 4, 5]);
        sleeper.Times[^1].ShouldBeGreaterThanOrEqualTo(new Ticks(3_000));
        host.Now.ShouldBeGreaterThanOrEqualTo(new Ticks(3_000));
    }

    [Fact]
    public void ACancelledTimerNeverArrivesAlthoughItMayHaveFired()
    {
        IHost host = Build(new HostOptions());
        TimerId first = default;
        Acting canceller = new((self, word, outbox) =>
        {
            if (word.Value == 0)
            {
                first = outbox.StartTimer(new Ticks(10), new Word(100));
                outbox.CancelTimer(outbox.StartTimer(new Ticks(10), new Word(101)));
                outbox.StartTimer(new Ticks(10), new Word(102));
                outbox.Send(outbox.Self, new Word(1));
            }
            else if (word.Value == 1)
            {
                // The timer fires while this turn lasts and waits in the mailbox.
                outbox.Spend(new Ticks(50));
                outbox.CancelTimer(first);
                outbox.CancelTimer(new TimerId(77));
            }
        });
        host.Inject(host.Create(canceller, Role.Thread), new Word(0));

        host.Run().ShouldBe(RunOutcome.Quiescent);

        canceller.Heard.ToArray().ShouldBe([0, 1, 102]);
    }

    [Fact]
    public void AnActorIsTheSenderOfItsTimers()
    {
        IHost host = Build(new HostOptions());
        Acting sleeper = new((_, word, outbox) =>
        {
            if (word.Value == 0)
            {
                outbox.StartTimer(new Ticks(10), new Word(1));
            }
        });
        ActorId id = host.Create(sleeper, Role.Thread);
        host.Inject(id, new Word(0));

        host.Run();

        sleeper.Senders.ShouldBe([ActorId.Outside, id]);
    }

    [Fact]
    public void AThrowInATurnStopsTheMachineAndLeavesNothingOfTheTurn()
    {
        Listener listener = new();
        IHost host = Build(new HostOptions { FactListeners = [listener], Outside = listener });
        Acting bystander = new();
        ActorId to = host.Create(bystander, Role.Thread);
        ActorId failing = host.Create(
            new Acting((_, word, outbox) =>
            {
                outbox.State(new Noted(word.Value));
                outbox.Send(to, new Word(1));
                outbox.Send(ActorId.Outside, new Word(2));
                throw new BugCheckException(0x4E, "the lists are damaged");
            }),
            Role.Thread);
        host.Inject(failing, new Word(3));

        MachineStoppedException stop = Should.Throw<MachineStoppedException>(() => host.Run());

        stop.Actor.ShouldBe(failing);
        stop.MessageKind.ShouldBe(Word.Kind);
        stop.Turn.ShouldBe(1);
        stop.Code.ShouldBe(0x4Eu);
        stop.InnerException.ShouldBeOfType<BugCheckException>();
        stop.Message.ShouldContain("the lists are damaged");
        bystander.Heard.Length.ShouldBe(0);
        listener.Facts.ShouldBeEmpty();
        listener.Left.ShouldBeEmpty();
        Should.Throw<InvalidOperationException>(() => host.Run()).InnerException.ShouldBe(stop);
    }

    [Fact]
    public void AMessageToNobodyStopsTheMachineAndNamesTheSender()
    {
        IHost host = Build(new HostOptions());
        ActorId id = host.Create(new Acting((_, _, outbox) => outbox.Send(new ActorId(4711), new Word(0))), Role.Thread);
        host.Inject(id, new Word(0));

        MachineStoppedException stop = Should.Throw<MachineStoppedException>(() => host.Run());

        stop.Actor.ShouldBe(id);
        stop.Message.ShouldContain("actor 4711");
    }

    [Fact]
    public void DrawsDependOnTheSeedAndTheActorButNotOnTheSchedule()
    {
        int[] Draws(ulong seed, bool others)
        {
            IHost host = Build(new HostOptions { Seed = seed, Processors = 2 });
            Acting drawing = new((self, word, outbox) =>
            {
                self.Remember((int)outbox.Draw(Distribution.Uniform(0, 1_000_000)));
                if (word.Value > 0)
                {
                    outbox.Send(outbox.Self, new Word(word.Value - 1));
                }
            });
            ActorId id = host.Create(drawing, Role.Thread);
            if (others)
            {
                ActorId other = host.Create(
                    new Acting((_, _, outbox) => outbox.Draw(Distribution.Uniform(0, 1_000_000))), Role.Thread);
                host.Inject(other, new Word(0));
            }

            host.Inject(id, new Word(5));
            host.Run();
            return drawing.Heard.ToArray();
        }

        Draws(1, others: false).ShouldBe(Draws(1, others: true));
        Draws(1, others: false).ShouldNotBe(Draws(2, others: false));
        Draws(1, others: false).Distinct().Count().ShouldBeGreaterThan(8);
    }

    [Fact]
    public void TheSameSeedGivesTheSameFingerprintAndAnotherSeedAnother()
    {
        Town.Run(Build, seed: 5).Fingerprint.ShouldBe(Town.Run(Build, seed: 5).Fingerprint);
        Town.Run(Build, seed: 5).Fingerprint.ShouldNotBe(Town.Run(Build, seed: 6).Fingerprint);
    }

    [Fact]
    public void ARunInPiecesIsTheSameRun()
    {
        (Fingerprint whole, HostStatistics statistics) = Town.Run(Build, seed: 9);

        IHost host = Town.Populate(Build, seed: 9);
        int pieces = 0;
        while (host.Run(maxTurns: 1 + (pieces % 3)) != RunOutcome.Quiescent)
        {
            pieces++;
        }

        host.Fingerprint().ShouldBe(whole);
        host.Statistics.ShouldBe(statistics);
        pieces.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void NoMoreTurnsAreTakenThanAllowed()
    {
        IHost host = Town.Populate(Build, seed: 3);

        host.Run(maxTurns: 10).ShouldBe(RunOutcome.TurnsReached);

        host.Statistics.Turns.ShouldBe(10);
    }

    [Fact]
    public void ARunUntilATimeStopsThereAndGoesOnAsIfItHadNot()
    {
        if (!HasTime)
        {
            return;
        }

        (Fingerprint whole, HostStatistics statistics) = Town.Run(Build, seed: 4);
        IHost host = Town.Populate(Build, seed: 4);
        Ticks until = Ticks.Zero;
        do
        {
            until += new Ticks(7);
        }
        while (host.Run(until) == RunOutcome.TimeReached && host.Now == until);

        host.Fingerprint().ShouldBe(whole);
        host.Statistics.ShouldBe(statistics);
    }

    [Fact]
    public void CountsAreExact()
    {
        Listener listener = new();
        IHost host = Build(new HostOptions { Outside = listener });
        ActorId last = host.Create(new Acting((_, word, outbox) => outbox.Send(ActorId.Outside, new Word(word.Value))), Role.Thread);
        ActorId first = host.Create(
            new Acting((_, word, outbox) =>
            {
                if (word.Value == 0)
                {
                    outbox.Create(new Acting(), Role.Thread);
                    outbox.StartTimer(new Ticks(10), new Word(1));
                }

                outbox.Send(last, new Word(word.Value));
            }),
            Role.Thread);
        host.Inject(first, new Word(0));

        host.Run();

        host.Statistics.ShouldBe(new HostStatistics(
            Turns: 4, Messages: 4, Dropped: 0, SentOutside: 2, TimersFired: 1, ActorsCreated: 3, ActorsStopped: 0));
        listener.Left.ShouldBe([(last, 0), (last, 1)]);
    }

    [Fact]
    public void ChoicesAreAnsweredByTheChooserAndRecorded()
    {
        Listener listener = new();
        Counting chooser = new();
        IHost host = Build(new HostOptions { Chooser = chooser, TurnListeners = [listener] });
        Acting choosing = new((self, word, outbox) =>
        {
            self.Remember(outbox.Choose(3));
            self.Remember(outbox.Choose(1));
            self.Remember(outbox.Choose(4));
        });
        ActorId id = host.Create(choosing, Role.Thread);
        host.Inject(id, new Word(10));
        host.Inject(id, new Word(20));

        host.Run();

        choosing.Heard.ToArray().ShouldBe([10, 0, 0, 1, 20, 2, 0, 3]);
        listener.Choices.ShouldBe([new Choice(3, 0), new Choice(4, 1), new Choice(3, 2), new Choice(4, 3)]);
        chooser.Points.Select(point => (point.Actor, point.Turn, point.Index)).ShouldBe([(id, 1, 0), (id, 1, 1), (id, 2, 0), (id, 2, 1)]);
    }

    [Fact]
    public void AChoiceIsPartOfTheRun()
    {
        Fingerprint Run(int answer)
        {
            IHost host = Build(new HostOptions { Chooser = new Always(answer) });
            host.Inject(host.Create(new Acting((_, _, outbox) => outbox.Choose(2)), Role.Thread), new Word(0));
            host.Run();
            return host.Fingerprint();
        }

        Run(0).ShouldBe(Run(0));
        Run(0).ShouldNotBe(Run(1));
    }

    [Fact]
    public void FactsAreHeardInOrderAndOnlyWhenSomebodyListens()
    {
        Listener listener = new();
        IHost host = Build(new HostOptions { FactListeners = [listener] });
        bool listening = false;
        ActorId id = host.Create(
            new Acting((_, word, outbox) =>
            {
                listening = outbox.Listening;
                outbox.State(new Noted(word.Value));
                outbox.State(new Noted(word.Value + 1));
            }),
            Role.Thread);
        host.Inject(id, new Word(10));
        host.Inject(id, new Word(20));

        host.Run();

        listening.ShouldBeTrue();
        listener.Facts.ShouldBe([(id, 1, 10), (id, 1, 11), (id, 2, 20), (id, 2, 21)]);
    }

    [Fact]
    public void TurnListenersHearEveryDeliveryWithItsSendersCount()
    {
        Listener listener = new();
        IHost host = Build(new HostOptions { TurnListeners = [listener] });
        ActorId receiver = host.Create(new Acting(), Role.Thread);
        ActorId sender = host.Create(
            new Acting((_, _, outbox) =>
            {
                outbox.Send(receiver, new Word(1));
                outbox.Send(ActorId.Outside, new Word(2));
                outbox.Send(receiver, new Word(3));
            }),
            Role.Thread);
        host.Inject(sender, new Word(0));

        host.Run();

        listener.Turns.ShouldBe([(sender, ActorId.Outside, 1), (receiver, sender, 1), (receiver, sender, 3)]);
    }

    [Fact]
    public void AnActorCannotActOnItsHost()
    {
        IHost? host = null;
        host = Build(new HostOptions());
        ActorId id = host.Create(new Acting((_, _, outbox) => host.Inject(outbox.Self, new Word(1))), Role.Thread);
        host.Inject(id, new Word(0));

        Should.Throw<MachineStoppedException>(() => host.Run()).InnerException.ShouldBeOfType<InvalidOperationException>();
    }

    [Fact]
    public void WhatAListenerThrowsIsNoBugCheckButTheRunEnds()
    {
        IHost host = Build(new HostOptions { TurnListeners = [new Failing()] });
        ActorId id = host.Create(new Acting(), Role.Thread);
        host.Inject(id, new Word(0));
        host.Inject(id, new Word(0));

        Should.Throw<NotSupportedException>(() => host.Run());

        Should.Throw<InvalidOperationException>(() => host.Run()).Message.ShouldContain("a listener threw");
    }

    [Fact]
    public void SharedStateIsPartOfTheFingerprintWhenItIsGiven()
    {
        IHost host = Town.Populate(Build, seed: 1);
        host.Run();
        Acting shared = new();

        Fingerprint before = host.Fingerprint(new Part(shared));
        shared.Remember(1);

        host.Fingerprint(new Part(shared)).ShouldNotBe(before);
    }

    private sealed class Failing : ITurnListener
    {
        public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox) =>
            throw new NotSupportedException("the disk is full");
    }

    private sealed class Part(Acting acting) : IEncodable
    {
        public void Encode(StateCodec codec) => acting.Encode(codec);
    }

    private sealed class Counting : IChooser
    {
        public List<ChoicePoint> Points { get; } = [];

        public int Choose(in ChoicePoint point)
        {
            Points.Add(point);
            return (Points.Count - 1) % point.Alternatives;
        }
    }

    private sealed class Always(int answer) : IChooser
    {
        public int Choose(in ChoicePoint point) => answer;
    }
}
