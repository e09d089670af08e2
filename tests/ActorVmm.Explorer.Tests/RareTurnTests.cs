using ActorVmm.Explorer.Dpor;

namespace ActorVmm.Explorer.Tests;

/// <summary>Choices, timers, actors that stop and actors that throw: brute force and the engine see the same executions.</summary>
public sealed class RareTurnTests
{
    [Theory]
    [InlineData(DeliveryModel.Fifo)]
    [InlineData(DeliveryModel.Causal)]
    [InlineData(DeliveryModel.Mailbox)]
    [InlineData(DeliveryModel.Bag)]
    public void EveryAnswerIsABranch(DeliveryModel model)
    {
        foreach (Program program in new[] { Choosing(2, 3), Choosing(1, 4), SometimesSending(2), SometimesSending(3), Twice() })
        {
            BruteForce expected = new(program, model);

            ExplorationResult result = Explored.Dpor(program, model);

            (program.Name, result.Traces, result.ViolatingTraces).ShouldBe((program.Name, expected.Traces, expected.Violating));
            Found(program, model, 1).ShouldBe(expected.Found, ignoreOrder: true, program.Name);
        }
    }

    [Theory]
    [InlineData(DeliveryModel.Fifo, 0)]
    [InlineData(DeliveryModel.Fifo, 1)]
    [InlineData(DeliveryModel.Fifo, 2)]
    [InlineData(DeliveryModel.Causal, 1)]
    [InlineData(DeliveryModel.Mailbox, 1)]
    [InlineData(DeliveryModel.Mailbox, 3)]
    [InlineData(DeliveryModel.Bag, 1)]
    [InlineData(DeliveryModel.Bag, 2)]
    public void ATimerFiresAtAnyPoint(DeliveryModel model, int timers)
    {
        foreach (Program program in new[] { Timers(1, cancels: false), Timers(2, cancels: false), Timers(3, cancels: false), Timers(1, cancels: true), Timers(2, cancels: true) })
        {
            BruteForce expected = new(program, model, timers);

            Found(program, model, timers).Distinct().ShouldBe(expected.Found, ignoreOrder: true, program.Name);
        }
    }

    [Theory]
    [InlineData(DeliveryModel.Fifo)]
    [InlineData(DeliveryModel.Causal)]
    [InlineData(DeliveryModel.Mailbox)]
    [InlineData(DeliveryModel.Bag)]
    public void WhatAnActorThatStopsDoesNotHearItCouldHaveHeard(DeliveryModel model)
    {
        foreach (Program program in new[] { Stopping(1), Stopping(2), Stopping(3), StoppedBeforeItStarts(1), StoppedBeforeItStarts(2) })
        {
            BruteForce expected = new(program, model);

            // In a mailbox the order of two sends makes a trace, also when the receiver has stopped and hears neither.
            List<Fingerprint> found = Found(program, model, 1);
            (model == DeliveryModel.Mailbox ? [.. found.Distinct()] : found).ShouldBe(expected.Found, ignoreOrder: true, program.Name);
        }
    }

    [Theory]
    [InlineData(DeliveryModel.Fifo)]
    [InlineData(DeliveryModel.Causal)]
    [InlineData(DeliveryModel.Mailbox)]
    [InlineData(DeliveryModel.Bag)]
    public void ATurnThatThrowsIsFoundAndHidesNothing(DeliveryModel model)
    {
        Program program = Throwing();
        BruteForce expected = new(program, model);
        expected.Stops.ShouldBePositive();

        ExplorationResult result = Explored.Dpor(program, model);

        result.Findings.Select(finding => (finding.Violation.Specification, finding.Violation.Code)).ShouldBe([("no bug check 0x4E", 0x4Eu)]);
        result.ViolatingTraces.ShouldBeGreaterThan(0);
        Found(program, model, 1).ShouldBe(expected.Found, ignoreOrder: true);
    }

    /// <summary>The traces of the complete executions.</summary>
    private static List<Fingerprint> Found(ISubject subject, DeliveryModel model, int timers)
    {
        ExploredMachine machine = new(subject, new ExecutionSetting { Model = model, TimerFirings = timers }, recorded: true);
        DporStrategy every = new(machine);
        List<Fingerprint> found = [];
        for (long execution = 0; every.Begin(execution); execution++)
        {
            if (machine.Run(every) == ExecutionEnd.Complete)
            {
                found.Add(machine.Host.Fingerprint());
            }
        }

        return found;
    }

    internal static Program Choosing(int first, int second) => new(FormattableString.Invariant($"choosing {first} and {second}"), stage =>
    {
        ActorId receiver = stage.Add((_, _, _) => { });
        foreach (int alternatives in new[] { first, second })
        {
            stage.AddStarting((_, _, outbox) => outbox.Send(receiver, new Word(outbox.Choose(alternatives))));
        }
    });

    internal static Program SometimesSending(int senders) => new(FormattableString.Invariant($"{senders} send or do not"), stage =>
    {
        ActorId receiver = stage.Add((_, _, _) => { });
        for (int i = 0; i < senders; i++)
        {
            stage.AddStarting((_, _, outbox) =>
            {
                if (outbox.Choose(2) == 1)
                {
                    outbox.Send(receiver, default(Word));
                }
            });
        }
    });

    /// <summary>The receiver itself chooses, twice in one turn; an earlier answer decides whether there is a second question.</summary>
    internal static Program Twice() => new("one chooses twice", stage =>
    {
        ActorId receiver = stage.Add((self, delivery, outbox) =>
        {
            self.Memory[0] += outbox.Choose(2);
            self.Memory[1] += self.Memory[0] > 0 ? outbox.Choose(3) : 0;
        });
        for (int i = 0; i < 2; i++)
        {
            stage.AddStarting((_, _, outbox) => outbox.Send(receiver, default(Word)));
        }
    });

    internal static Program Timers(int owners, bool cancels) => new(FormattableString.Invariant($"{owners} timers{(cancels ? ", cancelled" : "")}"), stage =>
    {
        const int Fired = 7, Nudge = 8;
        ActorId[] all = new ActorId[owners];
        ActorId receiver = stage.Add((_, _, _) => { });
        for (int i = 0; i < owners; i++)
        {
            all[i] = stage.AddStarting((self, delivery, outbox) =>
            {
                switch (delivery.Read<Word>().Value)
                {
                    case 0: self.Memory[0] = outbox.StartTimer(new Ticks(5), new Word(Fired)).Value; break;
                    case Nudge when cancels: outbox.CancelTimer(new TimerId(self.Memory[0])); break;
                    case Fired: outbox.Send(receiver, new Word(Fired)); break;
                }
            });
        }

        stage.AddStarting((_, _, outbox) =>
        {
            foreach (ActorId owner in all)
            {
                outbox.Send(owner, new Word(Nudge));
            }
        });
    });

    internal static Program Stopping(int others) => new(FormattableString.Invariant($"one stops, {others} speak to it"), stage =>
    {
        const int Stop = 1, Hello = 2;
        ActorId mortal = stage.Add((_, delivery, outbox) =>
        {
            if (delivery.Read<Word>().Value == Stop)
            {
                outbox.Stop();
            }
            else
            {
                outbox.Send(delivery.Sender, new Word(Hello));
            }
        });
        stage.AddStarting((_, _, outbox) => outbox.Send(mortal, new Word(Stop)));
        for (int i = 0; i < others; i++)
        {
            stage.AddStarting((_, delivery, outbox) =>
            {
                if (delivery.Read<Word>().Value == 0)
                {
                    outbox.Send(mortal, new Word(Hello));
                }
            });
        }
    });

    /// <summary>Who is stopped may never have heard its own start message.</summary>
    private static Program StoppedBeforeItStarts(int others) => new(FormattableString.Invariant($"one starts and is stopped, {others} hear of it"), stage =>
    {
        const int Stop = 1, Hello = 2;
        ActorId[] all = new ActorId[others];
        for (int i = 0; i < others; i++)
        {
            all[i] = stage.Add((_, _, _) => { });
        }

        ActorId mortal = stage.AddStarting((_, delivery, outbox) =>
        {
            if (delivery.Read<Word>().Value == Stop)
            {
                outbox.Stop();
                return;
            }

            foreach (ActorId other in all)
            {
                outbox.Send(other, new Word(Hello));
            }
        });
        stage.AddStarting((_, _, outbox) => outbox.Send(mortal, new Word(Stop)));
    });

    internal static Program Throwing() => new("one throws", stage =>
    {
        ActorId other = stage.Add((_, _, _) => { });
        ActorId fragile = stage.Add((self, delivery, outbox) =>
        {
            int value = delivery.Read<Word>().Value;
            if (value == 2 && self.Memory[0] == 0)
            {
                throw new BugCheckException(0x4E, "it came first");
            }

            self.Memory[0] = value;
            outbox.Send(other, new Word(value));
        });
        foreach (int value in new[] { 1, 2, 3 })
        {
            stage.AddStarting((_, _, outbox) =>
            {
                outbox.Send(fragile, new Word(value));
                outbox.Send(other, new Word(value));
            });
        }
    });
}
