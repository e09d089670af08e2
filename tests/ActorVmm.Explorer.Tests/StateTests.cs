using ActorVmm.Explorer.Strategies;

namespace ActorVmm.Explorer.Tests;

/// <summary>A state's fingerprint is all that its future depends on.</summary>
public sealed class StateTests
{
    private const int FromA = 1, Forwarded = 2;

    /// <summary>
    /// A sends to D and then to B; B sends to C before or after it hears A; C tells D what it hears. When B knew of A's message to D,
    /// so will C, and what C tells D has to wait for it.
    /// </summary>
    private static Program Messengers => new("messengers", stage =>
    {
        ActorId d = stage.Add((self, delivery, _) => self.Memory[self.Memory[0] == 0 ? 0 : 1] = delivery.Read<Word>().Value);
        ActorId c = stage.Add((_, delivery, outbox) => outbox.Send(d, delivery.Read<Word>()));
        ActorId b = stage.AddStarting((_, delivery, outbox) =>
        {
            if (delivery.Read<Word>().Value == 0)
            {
                outbox.Send(c, new Word(Forwarded));
            }
        });
        stage.AddStarting((_, _, outbox) =>
        {
            outbox.Send(d, new Word(FromA));
            outbox.Send(b, new Word(FromA));
        });
    });

    [Fact]
    public void WhatMessagesOnTheirWayKnowBelongsToTheState()
    {
        // Starts: 0 is B's, 1 is A's. B hears its start first, and then A; or A's word first, and then its start.
        SteppedHost ignorant = After(DeliveryModel.Causal, to => to("B0"), to => to("A0"), to => to("B1"));
        SteppedHost knowing = After(DeliveryModel.Causal, to => to("A0"), to => to("B1"), to => to("B0"));

        ignorant.Pending.Length.ShouldBe(knowing.Pending.Length);
        ignorant.StateFingerprint().ShouldNotBe(knowing.StateFingerprint());

        SteppedHost one = After(DeliveryModel.Fifo, to => to("B0"), to => to("A0"), to => to("B1"));
        SteppedHost other = After(DeliveryModel.Fifo, to => to("A0"), to => to("B1"), to => to("B0"));
        one.StateFingerprint().ShouldBe(other.StateFingerprint());
    }

    [Fact]
    public void TheOrderOfTurnsThatCommuteDoesNot()
    {
        SteppedHost one = After(DeliveryModel.Causal, to => to("B0"), to => to("A0"));
        SteppedHost other = After(DeliveryModel.Causal, to => to("A0"), to => to("B0"));

        one.StateFingerprint().ShouldBe(other.StateFingerprint());
    }

    [Fact]
    public void AllStatesOfCausalDeliveryAreSeen()
    {
        foreach (RaceModel model in CountedModels.All)
        {
            ExplorationOptions options = new() { Strategy = StrategyKind.Random, SkipsKnownStates = true, Setting = new ExecutionSetting { Model = DeliveryModel.Causal } };
            ExplorationResult states = new Exploration(Explored.Model(model.Name, isFixed: false), options).Run();

            states.Exhausted.ShouldBeTrue();
            states.Findings.Count.ShouldBe(model.Known.Single(count => count.Model == DeliveryModel.Causal).Violating > 0 ? 1 : 0, model.Name);
        }
    }

    private static SteppedHost After(DeliveryModel model, params Action<Action<string>>[] deliveries)
    {
        SteppedHost host = Messengers.Build(new SteppedOptions { Model = model }).Host;
        foreach (Action<Action<string>> delivery in deliveries)
        {
            delivery(name => host.Deliver(Find(host, name)));
        }

        return host;
    }

    /// <summary>The delivery to an actor, by its letter, of a word of that value.</summary>
    private static int Find(SteppedHost host, string name)
    {
        int actor = name[0] is 'A' ? 4 : 3;
        for (int index = 0; index < host.DeliverableCount; index++)
        {
            ref readonly PendingMessage message = ref host.Deliverable(index);
            if (message.To.Value == actor && message.Delivery.Read<Word>().Value == name[1] - '0')
            {
                return index;
            }
        }

        throw new InvalidOperationException("there is no " + name);
    }
}
