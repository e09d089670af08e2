using ActorVmm.Actors;

namespace ActorVmm.Runtime.Tests;

/// <summary>Small machines of which it is known how many different runs each delivery model allows.</summary>
internal static class CountedModels
{
    private const int Start = 0;

    public static SteppedHost Host(DeliveryModel model) => new(new SteppedOptions { Model = model });

    public static SteppedHost SendersToReceivers(DeliveryModel model, int senders, int messages, int receivers)
    {
        SteppedHost host = Host(model);
        ActorId[] to = [.. Enumerable.Range(0, receivers).Select(_ => host.Create(new Acting(), Role.Thread))];
        for (int i = 0; i < senders; i++)
        {
            int sender = i;
            ActorId id = host.Create(
                new Acting((_, _, outbox) =>
                {
                    foreach (ActorId receiver in to)
                    {
                        for (int count = 0; count < messages; count++)
                        {
                            outbox.Send(receiver, new Word(sender, count));
                        }
                    }
                }),
                Role.Thread);
            host.Inject(id, new Word(Start));
        }

        return host;
    }

    public static SteppedHost Echo(DeliveryModel model, int clients, int rounds)
    {
        SteppedHost host = Host(model);
        ActorId server = host.Create(new Acting((_, word, outbox) => outbox.Send(new ActorId(word.Extra), new Word(1))), Role.Thread);
        for (int i = 0; i < clients; i++)
        {
            ActorId id = host.Create(
                new Acting((self, _, outbox) =>
                {
                    if (self.Memory[0]++ < rounds)
                    {
                        outbox.Send(server, new Word(2, outbox.Self.Value));
                    }
                }),
                Role.Thread);
            host.Inject(id, new Word(Start));
        }

        return host;
    }

    /// <summary>Leaves tell their parents; a node that has heard both children tells its own.</summary>
    public static SteppedHost Reduction(DeliveryModel model, int depth)
    {
        SteppedHost host = Host(model);
        int inner = (1 << depth) - 1;
        for (int node = 1; node < 2 << depth; node++)
        {
            int needed = node <= inner ? 2 : 1;
            int parent = node / 2;
            host.Create(
                new Acting((self, _, outbox) =>
                {
                    if (++self.Memory[0] == needed && parent > 0)
                    {
                        outbox.Send(new ActorId(parent), new Word(outbox.Self.Value));
                    }
                }),
                Role.Thread);
        }

        for (int leaf = inner + 1; leaf < 2 << depth; leaf++)
        {
            host.Inject(new ActorId(leaf), new Word(Start));
        }

        return host;
    }

    /// <summary>A second fault starts a second read, whose completion replaces a mapping that was stored to (race 1).</summary>
    public static (SteppedHost Host, Func<bool> Violated) CollidedFault(DeliveryModel model, int threads)
    {
        const int Fault = 1, Read = 2, Done = 3, Ok = 4, Store = 5;
        const int In = 0, Stored = 1, Broken = 2;
        SteppedHost host = Host(model);
        ActorId pageId = new(1), diskId = new(2);
        Acting page = new((self, word, outbox) =>
        {
            switch (word.Value)
            {
                case Fault:
                    bool resident = self.Memory[In] == 1;
                    outbox.Send(resident ? new ActorId(word.Extra) : diskId, new Word(resident ? Ok : Read, word.Extra));
                    break;
                case Done:
                    self.Memory[Broken] |= self.Memory[Stored];
                    self.Memory[In] = 1;
                    outbox.Send(new ActorId(word.Extra), new Word(Ok));
                    break;
                default:
                    self.Memory[Stored] = 1;
                    break;
            }
        });
        host.Create(page, Role.Thread);
        host.Create(new Acting((_, word, outbox) => outbox.Send(pageId, new Word(Done, word.Extra))), Role.Device);
        for (int i = 0; i < threads; i++)
        {
            ActorId id = host.Create(
                new Acting((_, word, outbox) => outbox.Send(pageId, new Word(word.Value == Ok ? Store : Fault, outbox.Self.Value))),
                Role.Thread);
            host.Inject(id, new Word(Start));
        }

        return (host, () => page.Memory[Broken] != 0);
    }

    /// <summary>A store arrives while the page is being written; the completion of the old version makes it clean (race 5).</summary>
    public static (SteppedHost Host, Func<bool> Violated) LostWriteback(DeliveryModel model, int faults, int trims)
    {
        const int Fault = 1, Trim = 2, Write = 3, Done = 4;
        const int Modified = 0, Version = 1, Broken = 2, Standby = 3;
        SteppedHost host = Host(model);
        ActorId pageId = new(1), writerId = new(2), diskId = new(3);
        Acting page = new((self, word, outbox) =>
        {
            switch (word.Value)
            {
                case Fault:
                    (self.Memory[Modified], self.Memory[Standby]) = (0, 0);
                    self.Memory[Version]++;
                    break;
                case Trim when (self.Memory[Modified] | self.Memory[Standby]) == 0:
                    self.Memory[Modified] = 1;
                    outbox.Send(writerId, new Word(Write, self.Memory[Version]));
                    break;
                case Done when self.Memory[Modified] == 1:
                    (self.Memory[Modified], self.Memory[Standby]) = (0, 1);
                    self.Memory[Broken] |= word.Extra < self.Memory[Version] ? 1 : 0;
                    break;
            }
        });
        page.Memory[Version] = 1;
        host.Create(page, Role.Thread);
        host.Create(new Acting((_, word, outbox) => outbox.Send(diskId, word)), Role.Thread);
        host.Create(new Acting((_, word, outbox) => outbox.Send(pageId, new Word(Done, word.Extra))), Role.Device);
        ActorId manager = host.Create(
            new Acting((_, _, outbox) =>
            {
                for (int i = 0; i < trims; i++)
                {
                    outbox.Send(pageId, new Word(Trim));
                }
            }),
            Role.Thread);
        host.Inject(manager, new Word(Start));
        for (int i = 0; i < faults; i++)
        {
            host.Inject(host.Create(new Acting((_, _, outbox) => outbox.Send(pageId, new Word(Fault))), Role.Thread), new Word(Start));
        }

        return (host, () => page.Memory[Broken] != 0);
    }

    /// <summary>A slot is freed and used again between the look at the PTE and the look into the slot (race 7).</summary>
    public static (SteppedHost Host, Func<bool> Violated) SlotReuse(DeliveryModel model, int readers)
    {
        const int Get = 1, Slot = 2, Look = 3, Content = 4, Map = 5, BringAndWrite = 6, Trim = 7, Put = 8;
        const int Present = 0, Version = 1, Generation = 2, Broken = 3;
        SteppedHost host = Host(model);
        ActorId pteId = new(1), slotId = new(2);
        Acting pte = new((self, word, outbox) =>
        {
            switch (word.Value)
            {
                case Get when self.Memory[Present] == 0:
                    outbox.Send(new ActorId(word.Extra), new Word(Slot));
                    break;
                case BringAndWrite:
                    self.Memory[Present] = 1;
                    self.Memory[Version]++;
                    break;
                case Trim when self.Memory[Present] == 1:
                    self.Memory[Present] = 0;
                    self.Memory[Generation]++;
                    outbox.Send(slotId, new Word(Put, self.Memory[Version], self.Memory[Generation]));
                    break;
                case Map when self.Memory[Present] == 0:
                    self.Memory[Present] = 1;
                    self.Memory[Broken] |= word.Extra < self.Memory[Version] ? 1 : 0;
                    break;
            }
        });
        pte.Memory[Version] = 1;
        host.Create(pte, Role.Thread);
        Acting slot = new((self, word, outbox) =>
        {
            if (word.Value == Put)
            {
                (self.Memory[0], self.Memory[1]) = (word.Extra, word.More);
            }
            else
            {
                outbox.Send(new ActorId(word.Extra), new Word(Content, self.Memory[0], self.Memory[1]));
            }
        });
        slot.Memory[0] = 1;
        host.Create(slot, Role.Thread);
        for (int i = 0; i < readers; i++)
        {
            ActorId id = host.Create(
                new Acting((_, word, outbox) =>
                {
                    ActorId to = word.Value == Slot ? slotId : pteId;
                    outbox.Send(to, word.Value switch
                    {
                        Start => new Word(Get, outbox.Self.Value),
                        Slot => new Word(Look, outbox.Self.Value),
                        _ => new Word(Map, word.Extra, word.More),
                    });
                }),
                Role.Thread);
            host.Inject(id, new Word(Start));
        }

        foreach (int verb in new[] { BringAndWrite, Trim })
        {
            host.Inject(host.Create(new Acting((_, _, outbox) => outbox.Send(pteId, new Word(verb))), Role.Thread), new Word(Start));
        }

        return (host, () => pte.Memory[Broken] != 0);
    }
}
