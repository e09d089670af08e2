using static ActorVmm.Specifications.Tests.Histories.History;

namespace ActorVmm.Specifications.Tests.Histories;

/// <summary>Two processes doing anything in memory for fewer pages than they have, with messages arriving in any order.</summary>
public static class RandomHistory
{
    public static PlayedMachine Play(ulong seed, int steps, uint frames = 8, int pages = 9)
    {
        var random = new Numbers(seed);
        var machine = new PlayedMachine(frames);
        var first = machine.Start(P, (ulong)pages);
        var second = machine.Start(Q, (ulong)pages);
        for (var step = 0; step < steps; step++)
        {
            Step(machine, random.Next(2) == 0 ? first : second, pages, random);
        }

        machine.Settle();
        if (random.Next(2) == 0)
        {
            first.Exit();
        }

        for (var step = 0; step < 20; step++)
        {
            Step(machine, second, pages, random);
        }

        return machine.Settle();
    }

    private static void Step(PlayedMachine machine, PlayedProcess process, int pages, Numbers random)
    {
        var vpn = 16 + (ulong)random.Next(pages);
        switch (random.Next(20))
        {
            case 0 or 1 or 2 or 3 or 4:
                process.Touch(vpn, store: random.Next(2) == 0, readFails: random.Next(8) == 0);
                break;
            case 5 or 6 or 7:
                process.TrimOne(random.Next(16));
                break;
            case 8:
                process.Delete(vpn);
                break;
            case 9 when random.Next(4) == 0:
                process.AskForFrame();
                break;
            case 10:
                process.ReturnFrame();
                break;
            case 11:
                machine.Frames.WriteOne(fails: random.Next(6) == 0);
                break;
            case 12:
                machine.Frames.ZeroOne();
                break;
            default:
                var mailboxes = machine.Mailboxes;
                if (mailboxes.Count != 0)
                {
                    machine.Deliver(mailboxes[random.Next(mailboxes.Count)]);
                }

                break;
        }
    }

    /// <summary>Numbers from a seed, the same on every system.</summary>
    private sealed class Numbers(ulong seed)
    {
        private ulong _state = Mix.Spread(seed);

        public int Next(int below)
        {
            _state = Mix.Spread(_state);
            return (int)(_state % (ulong)below);
        }
    }
}
