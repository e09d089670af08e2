using System.Runtime.CompilerServices;
using ActorVmm.Actors;

namespace ActorVmm.Runtime.Tests;

public sealed class DeterministicHostTests
{
    [Fact]
    public void TheHighestPriorityGetsTheNextFreeProcessorAndFirstComeIsFirstServedWithinOne()
    {
        List<int> order = [];
        DeterministicHost host = new();
        foreach (byte priority in new byte[] { 8, 0, 31, 8, 16 })
        {
            ActorId id = host.Create(new Acting((_, _, outbox) => order.Add(outbox.Self.Value)), new Role(priority, Placement.Processor));
            host.Inject(id, new Word(0));
        }

        host.Run();

        order.ShouldBe([3, 5, 1, 4, 2]);
    }

    [Fact]
    public void ATurnIsNotPreempted()
    {
        DeterministicHost host = new();
        Acting urgent = new();
        ActorId urgentId = host.Create(urgent, new Role(31, Placement.Processor));
        ActorId slow = host.Create(new Acting((_, _, outbox) => outbox.Spend(new Ticks(100))), Role.Thread);
        host.Inject(slow, new Word(0));
        host.Run(until: new Ticks(10)).ShouldBe(RunOutcome.TimeReached);
        host.Inject(urgentId, new Word(1));

        host.Run();

        urgent.Times.ShouldBe([new Ticks(100)]);
    }

    [Theory]
    [InlineData(1, 400)]
    [InlineData(2, 200)]
    [InlineData(3, 200)]
    [InlineData(4, 100)]
    [InlineData(64, 100)]
    public void VirtualProcessorsWorkSideBySide(int processors, long end)
    {
        DeterministicHost host = new(new HostOptions { Processors = processors });
        for (int i = 0; i < 4; i++)
        {
            host.Inject(host.Create(new Acting((_, _, outbox) => outbox.Spend(new Ticks(100))), Role.Thread), new Word(i));
        }

        host.Run().ShouldBe(RunOutcome.Quiescent);

        host.Now.ShouldBe(new Ticks(end));
    }

    [Fact]
    public void DevicesNeedNoProcessorButWorkOnOneMessageAtATime()
    {
        DeterministicHost host = new();
        Acting device = new((_, _, outbox) => outbox.Spend(new Ticks(70)));
        Acting thread = new((_, _, outbox) => outbox.Spend(new Ticks(50)));
        ActorId deviceId = host.Create(device, Role.Device);
        ActorId threadId = host.Create(thread, Role.Thread);
        for (int i = 0; i < 2; i++)
        {
            host.Inject(deviceId, new Word(i));
            host.Inject(threadId, new Word(i));
        }

        host.Run();

        device.Times.ShouldBe([new Ticks(0), new Ticks(70)]);
        thread.Times.ShouldBe([new Ticks(0), new Ticks(50)]);
        host.Now.ShouldBe(new Ticks(140));
    }

    [Fact]
    public void WhatATurnAsksForHappensWhenItsCostHasPassed()
    {
        DeterministicHost host = new(new HostOptions { Processors = 2 });
        Acting receiver = new();
        ActorId to = host.Create(receiver, Role.Thread);
        Acting sender = new((_, word, outbox) =>
        {
            if (word.Value == 0)
            {
                outbox.Send(to, new Word(1));
                outbox.StartTimer(new Ticks(5), new Word(2));
                outbox.Spend(new Ticks(40));
            }
        });
        host.Inject(host.Create(sender, Role.Thread), new Word(0));

        host.Run();

        receiver.Times.ShouldBe([new Ticks(40)]);
        sender.Times.ShouldBe([new Ticks(0), new Ticks(45)]);
    }

    [Fact]
    public void ATurnThatSpendsNothingCostsOneTick()
    {
        DeterministicHost host = new();
        Acting counting = new((_, word, outbox) =>
        {
            if (word.Value < 3)
            {
                outbox.Send(outbox.Self, new Word(word.Value + 1));
            }
        });
        host.Inject(host.Create(counting, Role.Thread), new Word(0));

        host.Run();

        counting.Times.ShouldBe([new Ticks(0), new Ticks(1), new Ticks(2), new Ticks(3)]);
        host.Now.ShouldBe(new Ticks(4));
    }

    [Fact]
    public void ATurnThatWouldOutlastTimeStopsTheMachine()
    {
        DeterministicHost host = new(new HostOptions { Processors = 2 });
        ActorId other = host.Create(new Acting(), Role.Thread);
        ActorId id = host.Create(new Acting((_, _, outbox) => outbox.Spend(Ticks.Never)), Role.Thread);
        host.Inject(other, new Word(0));
        host.Run();
        host.Inject(id, new Word(0));

        Should.Throw<MachineStoppedException>(() => host.Run()).Actor.ShouldBe(id);
    }

    [Fact]
    public void TimeJumpsToTheNextTimerAndStopsAtTheLimit()
    {
        DeterministicHost host = new();
        Acting sleeper = new((_, _, outbox) => outbox.StartTimer(Ticks.FromSeconds(1), new Word(0)));
        host.Inject(host.Create(sleeper, Role.Thread), new Word(0));

        host.Run(until: Ticks.FromSeconds(3_600)).ShouldBe(RunOutcome.TimeReached);

        host.Now.ShouldBe(Ticks.FromSeconds(3_600));
        host.Statistics.Turns.ShouldBe(3_600);
        host.Run(until: Ticks.FromSeconds(10)).ShouldBe(RunOutcome.TimeReached);
        host.Now.ShouldBe(Ticks.FromSeconds(3_600));
    }

    [Fact]
    public void ATurnThatEndsWhenATimerIsDueCancelsIt()
    {
        DeterministicHost host = new();
        TimerId timer = default;
        Acting canceller = new((_, word, outbox) =>
        {
            if (word.Value == 0)
            {
                timer = outbox.StartTimer(new Ticks(10), new Word(2));
                outbox.Send(outbox.Self, new Word(1));
            }
            else
            {
                outbox.Spend(new Ticks(10));
                outbox.CancelTimer(timer);
            }
        });
        host.Inject(host.Create(canceller, Role.Thread), new Word(0));

        host.Run();

        canceller.Heard.ToArray().ShouldBe([0, 1]);
        host.Statistics.TimersFired.ShouldBe(0);
    }

    [Fact]
    public void ThousandsOfTimersFireAndAreCancelledExactly()
    {
        DeterministicHost host = new(new HostOptions { Seed = 77 });
        List<TimerId> timers = [];
        Acting sleeper = new((self, word, outbox) =>
        {
            if (word.Value >= 0)
            {
                return;
            }

            for (int i = 0; i < 5_000; i++)
            {
                timers.Add(outbox.StartTimer(new Ticks(outbox.Draw(Distribution.Uniform(1, 800))), new Word(i)));
            }

            for (int i = 0; i < 5_000; i += 3)
            {
                outbox.CancelTimer(timers[i]);
            }
        });
        host.Inject(host.Create(sleeper, Role.Thread), new Word(-1));

        host.Run().ShouldBe(RunOutcome.Quiescent);

        sleeper.Heard[1..].ToArray().Order().ShouldBe(Enumerable.Range(0, 5_000).Where(i => i % 3 != 0));
        host.Statistics.TimersFired.ShouldBe(3_333);
    }

    [Fact]
    public void ARunIsTheSameRunEveryTimeOnEveryNumberOfProcessors()
    {
        foreach (int processors in new[] { 1, 2, 3, 4, 17, 64 })
        {
            for (ulong seed = 0; seed < 10; seed++)
            {
                (Fingerprint Fingerprint, HostStatistics Statistics) Run() =>
                    Town.Run(options => new DeterministicHost(options with { Processors = processors }), seed);

                Run().ShouldBe(Run());
            }
        }
    }

    [Fact]
    public void AListenerChangesNothing()
    {
        Listener listener = new();
        IHost listened = Town.Populate(options => new DeterministicHost(options with { TurnListeners = [listener] }), 8, listener);
        listened.Run();

        listened.Fingerprint().ShouldBe(Town.Run(options => new DeterministicHost(options), 8).Fingerprint);
        listener.Turns.Count.ShouldBe((int)listened.Statistics.Turns);
        listener.Facts.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65)]
    public void AMachineHasOneToSixtyFourProcessors(int processors) =>
        Should.Throw<ArgumentOutOfRangeException>(() => new DeterministicHost(new HostOptions { Processors = processors }));

    [Fact]
    public void APriorityAboveThirtyOneIsRefused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new DeterministicHost().Create(new Acting(), new Role(32, Placement.Processor)));

    [Theory]
    [InlineData(1, 64)]
    [InlineData(4, 1_000)]
    public void ATurnAllocatesNothing(int processors, int actors)
    {
        DeterministicHost host = new(new HostOptions { Processors = processors });
        for (int i = 0; i < actors; i++)
        {
            ActorId id = host.Create(new Busy((i + 1) % actors + 1), i % 5 == 4 ? Role.Device : Role.Thread);
            host.Inject(id, new Word(i));
        }

        host.Run(maxTurns: 50_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        host.Run(maxTurns: 100_000);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void AnIdleActorCostsLessThanAHundredBytesAndAWaitingMessageOneCacheLine()
    {
        Unsafe.SizeOf<ActorCell>().ShouldBeLessThanOrEqualTo(72);
        Unsafe.SizeOf<Envelope>().ShouldBe(64);
    }

    private sealed class Busy(int next) : IActor
    {
        private TimerId _pending;

        public void Receive(in Delivery delivery, Outbox outbox)
        {
            Word word = delivery.Read<Word>();
            if (word.Value < 0)
            {
                return;
            }

            outbox.Send(new ActorId(next), word);
            outbox.State(new Noted(1));
            outbox.CancelTimer(_pending);
            _pending = outbox.StartTimer(new Ticks(20 + (word.Value % 50)), new Word(-1));
        }

        public void Encode(StateCodec codec) => codec.Field("pending", ref _pending);
    }
}
