using ActorVmm.Actors;

namespace ActorVmm.Runtime.Tests;

public sealed class SteppedHostTests
{
    [Fact]
    public void DeliverablesAreMessagesInTheOrderOfSendingAndThenTimersInTheOrderOfTheirStart()
    {
        SteppedHost host = new(new SteppedOptions { TimerFirings = 2 });
        ActorId receiver = host.Create(new Acting(), Role.Thread);
        ActorId sender = host.Create(
            new Acting((_, _, outbox) =>
            {
                outbox.StartTimer(new Ticks(20), new Word(10));
                outbox.StartTimer(new Ticks(10), new Word(11));
                outbox.Send(receiver, new Word(12));
                outbox.Send(receiver, new Word(13));
            }),
            Role.Thread);
        host.Inject(sender, new Word(0));
        host.Inject(receiver, new Word(1));

        host.Deliver(0);

        Listed(host).ShouldBe([(receiver, 1), (receiver, 12), (sender, 10), (sender, 11)]);
        host.Pending.Length.ShouldBe(3);
        host.PendingTimers.Length.ShouldBe(2);
    }

    [Theory]
    [InlineData(DeliveryModel.Bag, new[] { 10, 11, 20, 30 })]
    [InlineData(DeliveryModel.Fifo, new[] { 10, 20, 30 })]
    [InlineData(DeliveryModel.Causal, new[] { 10, 20 })]
    [InlineData(DeliveryModel.Mailbox, new[] { 10 })]
    public void ADeliveryModelSaysWhichMessagesToOneReceiverMayArriveNext(DeliveryModel model, int[] deliverable)
    {
        SteppedHost host = new(new SteppedOptions { Model = model });
        ActorId receiver = host.Create(new Acting(), Role.Thread);
        ActorId third = host.Create(new Acting((_, _, outbox) => outbox.Send(receiver, new Word(30))), Role.Thread);
        ActorId second = host.Create(new Acting((_, _, outbox) => outbox.Send(receiver, new Word(20))), Role.Thread);
        ActorId first = host.Create(
            new Acting((_, _, outbox) =>
            {
                outbox.Send(receiver, new Word(10));
                outbox.Send(receiver, new Word(11));
                outbox.Send(third, new Word(0));
            }),
            Role.Thread);
        host.Inject(first, new Word(0));
        host.Inject(second, new Word(0));
        host.Deliver(0);
        host.Deliver(0);

        // What the third sends now, the first made it send: its message to the receiver comes causally after the first's.
        host.Deliver(Enumerable.Range(0, host.DeliverableCount).Single(index => host.Deliverable(index).To == third));

        Listed(host).Select(listed => listed.Value).ShouldBe(deliverable);
    }

    [Fact]
    public void NoMoreTimersFireThanAllowed()
    {
        SteppedHost host = new(new SteppedOptions { TimerFirings = 3 });
        Acting periodic = new((_, word, outbox) => outbox.StartTimer(new Ticks(5), new Word(word.Value + 1)));
        host.Inject(host.Create(periodic, Role.Thread), new Word(0));

        host.Run().ShouldBe(RunOutcome.Quiescent);

        periodic.Heard.ToArray().ShouldBe([0, 1, 2, 3]);
        host.PendingTimers.Length.ShouldBe(1);
    }

    [Fact]
    public void ATimerMayFireBeforeMessagesThatWereSentEarlier()
    {
        SteppedHost host = new(new SteppedOptions());
        Acting sleeper = new((_, word, outbox) =>
        {
            if (word.Value == 0)
            {
                outbox.StartTimer(Ticks.FromSeconds(10), new Word(2));
            }
        });
        ActorId id = host.Create(sleeper, Role.Thread);
        host.Inject(id, new Word(0));
        host.Inject(id, new Word(1));

        host.Deliver(0);
        host.Deliver(1);
        host.Run();

        sleeper.Heard.ToArray().ShouldBe([0, 2, 1]);
    }

    [Theory]
    [InlineData(DeliveryModel.Fifo)]
    [InlineData(DeliveryModel.Causal)]
    [InlineData(DeliveryModel.Mailbox)]
    [InlineData(DeliveryModel.Bag)]
    public void ARecordedScheduleReplaysOnAnotherMachine(DeliveryModel model)
    {
        for (uint seed = 0; seed < 20; seed++)
        {
            SteppedHost recorded = Machine(model, new Scattered(seed));
            uint random = seed;
            for (int step = 0; step < 60 && recorded.DeliverableCount > 0; step++)
            {
                random = unchecked((random * 1664525) + 1013904223);
                recorded.Deliver((int)((random >> 8) % (uint)recorded.DeliverableCount));
            }

            SteppedHost replayed = Machine(model, new Scattered(~seed));
            replayed.Replay(Schedule.Parse(recorded.Recorded.ToString()));

            replayed.Fingerprint().ShouldBe(recorded.Fingerprint());
            replayed.StateFingerprint().ShouldBe(recorded.StateFingerprint());
            replayed.Statistics.ShouldBe(recorded.Statistics);
            replayed.Recorded.ShouldBe(recorded.Recorded);
        }
    }

    [Fact]
    public void AScheduleOfAnotherMachineIsRefusedAtTheStepThatDoesNotFit()
    {
        SteppedHost host = new(new SteppedOptions());
        ActorId id = host.Create(new Acting((_, _, outbox) => outbox.Choose(2)), Role.Thread);
        MachineSnapshot start = new();
        host.Inject(id, new Word(0));
        host.Save(start);

        void Refused(int[] steps, string because)
        {
            host.Restore(start);
            Should.Throw<ScheduleMismatchException>(() => host.Replay(new Schedule(steps))).Message.ShouldContain(because);
        }

        Refused([1], "step 1 of the schedule picks delivery number 1, but there are 1");
        Refused([0, 2], "step 2 of the schedule picks answer number 2, but there are 2");
        Refused([0], "the schedule ends at step 1");
        Refused([0, 1, 0], "step 3 of the schedule picks delivery number 0, but there are 0");
    }

    [Fact]
    public void AStopIsPartOfTheRecordedSchedule()
    {
        SteppedHost host = new(new SteppedOptions { Chooser = new Scattered(0) });
        ActorId id = host.Create(
            new Acting((_, _, outbox) =>
            {
                outbox.Choose(5);
                throw new InvalidOperationException("no");
            }),
            Role.Thread);
        host.Inject(id, new Word(0));

        Should.Throw<MachineStoppedException>(() => host.Deliver(0));

        host.Recorded.Steps.Length.ShouldBe(2);
    }

    [Fact]
    public void StatesThatAreReachedInDifferentOrdersAreOneState()
    {
        SteppedHost host = Machine(DeliveryModel.Fifo, new Scattered(1));
        MachineSnapshot start = new();
        host.Save(start);
        host.Deliver(0);
        host.Deliver(0);
        Fingerprint oneOrder = host.StateFingerprint();
        host.Restore(start);
        host.Deliver(1);
        host.StateFingerprint().ShouldNotBe(oneOrder);
        host.Deliver(0);

        host.StateFingerprint().ShouldBe(oneOrder);
    }

    [Fact]
    public void SavingAndRestoringAllocatesNothing()
    {
        SteppedHost host = Machine(DeliveryModel.Causal, new Scattered(1));
        MachineSnapshot snapshot = new();
        host.Run(maxTurns: 5);
        for (int i = 0; i < 3; i++)
        {
            host.Save(snapshot);
            host.Restore(snapshot);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            host.Save(snapshot);
            host.Restore(snapshot);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static IEnumerable<(ActorId To, int Value)> Listed(SteppedHost host) =>
        Enumerable.Range(0, host.DeliverableCount)
            .Select(index => (host.Deliverable(index).To, host.Deliverable(index).Delivery.Read<Word>().Value))
            .ToArray();

    private static SteppedHost Machine(DeliveryModel model, IChooser chooser) =>
        (SteppedHost)Town.Populate(
            options => new SteppedHost(new SteppedOptions { Seed = options.Seed, Model = model, Chooser = chooser, TimerFirings = 5 }),
            seed: 1);

    private sealed class Scattered(uint seed) : IChooser
    {
        public int Choose(in ChoicePoint point) =>
            (int)(Mix.Fold(seed, (ulong)point.Turn ^ point.Identity.Value) % (ulong)point.Alternatives);
    }
}
