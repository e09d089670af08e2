using ActorVmm.Actors;

namespace ActorVmm.Runtime.Tests;

/// <summary>What every host promises. A host passes by a short subclass that says how to build it.</summary>
public abstract partial class HostContractTests
{
    /// <summary>Whether virtual time passes on this host.</summary>
    protected abstract bool HasTime { get; }

    protected abstract IHost Build(HostOptions options);

    /// <summary>The same run again, not begun: from its seed alone, or, where threads race, from its record.</summary>
    protected virtual IHost Again(IHost run, Func<Func<HostOptions, IHost>, IHost> populate) => populate(Build);

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
    public void CancellingNoTimerTakesNoMessage()
    {
        IHost host = Build(new HostOptions());
        Acting actor = new((_, word, outbox) =>
        {
            if (word.Value == 1)
            {
                outbox.StartTimer(Ticks.Zero, new Word(4));
            }

            outbox.CancelTimer(default);
        });
        ActorId id = host.Create(actor, Role.Thread);
        for (int i = 1; i <= 3; i++)
        {
            host.Inject(id, new Word(i));
        }

        host.Run().ShouldBe(RunOutcome.Quiescent);

        actor.Heard.ToArray().Order().ShouldBe([1, 2, 3, 4]);
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

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(5_000)]
    public void TurnsBeforeAThrowHaveHappenedAndAreHeardOf(int turns)
    {
        Listener listener = new();
        IHost host = Build(new HostOptions { FactListeners = [listener] });
        ActorId failing = host.Create(
            new Acting((_, word, outbox) =>
            {
                outbox.State(new Noted(word.Value));
                if (word.Value == turns)
                {
                    throw new BugCheckException(0x4E, "the lists are damaged");
                }
            }),
            Role.Thread);
        for (int word = 0; word <= turns; word++)
        {
            host.Inject(failing, new Word(word));
        }

        MachineStoppedException stop = Should.Throw<MachineStoppedException>(() => host.Run());

        stop.Turn.ShouldBe(turns + 1);
        listener.Facts.Count.ShouldBe(turns);
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
}
