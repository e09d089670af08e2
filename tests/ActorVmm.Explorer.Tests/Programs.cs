namespace ActorVmm.Explorer.Tests;

/// <summary>The little programs behind the engine's counts (races.md).</summary>
internal static class Programs
{
    public static Program Senders(int senders, int messages = 1, int receivers = 1) =>
        new(FormattableString.Invariant($"{senders} senders of {messages} messages to {receivers} receivers"), stage =>
        {
            ActorId[] to = [.. Enumerable.Range(0, receivers).Select(_ => stage.Add((_, _, _) => { }))];
            for (int i = 0; i < senders; i++)
            {
                stage.AddStarting((_, _, outbox) =>
                {
                    foreach (ActorId receiver in to)
                    {
                        for (int count = 0; count < messages; count++)
                        {
                            outbox.Send(receiver, new Word(count));
                        }
                    }
                });
            }
        });

    /// <summary>Tokens that begin at equal distances go round a ring once.</summary>
    public static Program Ring(int actors, int tokens) =>
        new(FormattableString.Invariant($"ring of {actors} with {tokens} tokens"), stage =>
        {
            ActorId[] ring = new ActorId[actors];
            for (int i = 0; i < actors; i++)
            {
                int next = (i + 1) % actors;
                ring[i] = stage.Add((_, delivery, outbox) =>
                {
                    Word token = delivery.Read<Word>();
                    if (token.Value > 1)
                    {
                        outbox.Send(ring[next], token with { Value = token.Value - 1 });
                    }
                });
            }

            for (int token = 0; token < tokens; token++)
            {
                stage.Inject(ring[token * actors / tokens], new Word(actors, token));
            }
        });

    public static Program Echo(int clients, int rounds) =>
        new(FormattableString.Invariant($"echo of {clients} clients with {rounds} rounds"), stage =>
        {
            ActorId server = stage.Add((_, delivery, outbox) => outbox.Send(delivery.Sender, new Word(1)));
            for (int i = 0; i < clients; i++)
            {
                stage.AddStarting((self, _, outbox) =>
                {
                    if (self.Memory[0]++ < rounds)
                    {
                        outbox.Send(server, new Word(2));
                    }
                });
            }
        });

    public static Program TwoPhaseCommit(int voters) =>
        new(FormattableString.Invariant($"two-phase commit with {voters} voters"), stage =>
        {
            const int Prepare = 1, Yes = 2, Commit = 3;
            ActorId[] all = new ActorId[voters];
            ActorId coordinator = stage.AddStarting((self, delivery, outbox) =>
            {
                bool voted = delivery.Read<Word>().Value == Yes;
                if (!voted || ++self.Memory[0] == voters)
                {
                    foreach (ActorId voter in all)
                    {
                        outbox.Send(voter, new Word(voted ? Commit : Prepare));
                    }
                }
            });
            for (int i = 0; i < voters; i++)
            {
                all[i] = stage.Add((_, delivery, outbox) =>
                {
                    if (delivery.Read<Word>().Value == Prepare)
                    {
                        outbox.Send(coordinator, new Word(Yes));
                    }
                });
            }
        });

    /// <summary>Leaves tell their parents; a node that has heard both children tells its own.</summary>
    public static Program Reduction(int depth) =>
        new(FormattableString.Invariant($"binary reduction of depth {depth}"), stage =>
        {
            int inner = (1 << depth) - 1;
            ActorId[] nodes = new ActorId[2 << depth];
            for (int node = 1; node < nodes.Length; node++)
            {
                int needed = node <= inner ? 2 : 1;
                int parent = node / 2;
                nodes[node] = stage.Add((self, _, outbox) =>
                {
                    if (++self.Memory[0] == needed && parent > 0)
                    {
                        outbox.Send(nodes[parent], default(Word));
                    }
                });
            }

            for (int leaf = inner + 1; leaf < nodes.Length; leaf++)
            {
                stage.Inject(nodes[leaf], default);
            }
        });

    /// <summary>Threads fault on one page, which is read once: who faults meanwhile waits for that read.</summary>
    public static Program FaultsOnly(int threads) =>
        new(FormattableString.Invariant($"collided fault of {threads} threads without stores"), stage =>
        {
            const int Fault = 1, Read = 2, Done = 3, Ok = 4;
            const int Out = 0, Reading = 1, In = 2;
            ActorId disk = new(2);
            ActorId page = stage.Add((self, delivery, outbox) =>
            {
                if (delivery.Read<Word>().Value == Done)
                {
                    self.Memory[0] = In;
                    for (int thread = 0; thread < threads; thread++)
                    {
                        if ((self.Memory[1] >> thread & 1) != 0)
                        {
                            outbox.Send(new ActorId(3 + thread), new Word(Ok));
                        }
                    }
                }
                else if (self.Memory[0] == In)
                {
                    outbox.Send(delivery.Sender, new Word(Ok));
                }
                else
                {
                    self.Memory[1] |= 1 << (delivery.Sender.Value - 3);
                    if (self.Memory[0] == Out)
                    {
                        self.Memory[0] = Reading;
                        outbox.Send(disk, new Word(Read));
                    }
                }
            });
            stage.Add((_, _, outbox) => outbox.Send(page, new Word(Done)));
            for (int i = 0; i < threads; i++)
            {
                stage.AddStarting((_, delivery, outbox) =>
                {
                    if (delivery.Read<Word>().Value == 0)
                    {
                        outbox.Send(page, new Word(Fault));
                    }
                });
            }
        });

    /// <summary>
    /// Every sender sends one message; the program fails when they arrive in one certain order. With d + 1 senders that takes d
    /// constraints, and no fewer.
    /// </summary>
    public static Program Sorted(int depth) =>
        new(FormattableString.Invariant($"{depth + 1} messages that must not arrive in order"), stage =>
        {
            ActorId receiver = stage.Add((self, delivery, outbox) =>
            {
                self.Memory[0] += self.Memory[0] == delivery.Read<Word>().Value ? 1 : 0;
                self.Memory[1]++;
                if (self.Memory[0] == self.Memory[1] && self.Memory[0] == depth + 1)
                {
                    outbox.State(new PromiseBroken(0));
                }
            });
            for (int i = 0; i <= depth; i++)
            {
                int value = i;
                stage.AddStarting((_, _, outbox) => outbox.Send(receiver, new Word(value)));
            }
        });

    /// <summary>A message overtakes another on a longer way: what only causal delivery forbids.</summary>
    public static Program Triangle(int rounds) =>
        new(FormattableString.Invariant($"triangle of {rounds} rounds"), stage =>
        {
            ActorId last = stage.Add((_, _, _) => { });
            ActorId middle = stage.Add((_, _, outbox) => outbox.Send(last, new Word(1)));
            stage.AddStarting((_, _, outbox) =>
            {
                for (int round = 0; round < rounds; round++)
                {
                    outbox.Send(last, new Word(2));
                    outbox.Send(middle, new Word(3));
                }
            });
            stage.AddStarting((_, _, outbox) => outbox.Send(middle, new Word(4)));
        });
}
