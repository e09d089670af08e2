using ActorVmm.Actors;

namespace ActorVmm.Runtime.Tests;

/// <summary>What every host promises about runs as a whole: they repeat, they can be taken in pieces, and they can be watched.</summary>
public abstract partial class HostContractTests
{
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
        IHost host = Town.Populate(Build, seed: 5);
        host.Run().ShouldBe(RunOutcome.Quiescent);

        IHost again = Again(host, build => Town.Populate(build, seed: 5));

        again.Run().ShouldBe(RunOutcome.Quiescent);
        again.Fingerprint().ShouldBe(host.Fingerprint());
        Town.Run(Build, seed: 6).Fingerprint.ShouldNotBe(host.Fingerprint());
    }

    [Fact]
    public void ARunInPiecesIsTheSameRun()
    {
        IHost host = Town.Populate(Build, seed: 9);
        int pieces = 0;
        while (host.Run(maxTurns: 1 + (pieces % 3)) != RunOutcome.Quiescent)
        {
            pieces++;
        }

        IHost whole = Again(host, build => Town.Populate(build, seed: 9));
        whole.Run().ShouldBe(RunOutcome.Quiescent);
        host.Fingerprint().ShouldBe(whole.Fingerprint());
        host.Statistics.ShouldBe(whole.Statistics);
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

        IHost host = Town.Populate(Build, seed: 4);
        Ticks until = Ticks.Zero;
        do
        {
            until += new Ticks(7);
        }
        while (host.Run(until) == RunOutcome.TimeReached && host.Now == until);

        IHost whole = Again(host, build => Town.Populate(build, seed: 4));
        whole.Run().ShouldBe(RunOutcome.Quiescent);
        host.Fingerprint().ShouldBe(whole.Fingerprint());
        host.Statistics.ShouldBe(whole.Statistics);
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
