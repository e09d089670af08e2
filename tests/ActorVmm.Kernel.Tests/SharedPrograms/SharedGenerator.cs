using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.SharedPrograms;

/// <summary>Makes random programs of processes that share memory.</summary>
internal static class SharedGenerator
{
    public const int Processes = 3;
    public const int Threads = 2;
    public const int Steps = 260;

    private static readonly PageProtection[] _protections =
        [PageProtection.ReadWrite, PageProtection.ReadWrite, PageProtection.ReadWrite, PageProtection.WriteCopy, PageProtection.WriteCopy, PageProtection.ReadOnly];

    public static List<SharedStep> Make(ulong seed)
    {
        var dice = new Dice(seed);
        List<SharedStep> steps = [];
        for (int process = 0; process < Processes; process++)
        {
            for (int slot = 0; slot < SharedSections.Slots; slot++)
            {
                steps.Add(Next(dice, steps.Count) with { Kind = SharedStepKind.Map, Process = process, Thread = 0, Slot = slot, Page = FirstPage(dice), Amount = dice.Roll(SharedSections.Count), Turns = 20 });
            }
        }

        while (steps.Count < Steps)
        {
            SharedStep next = Next(dice, steps.Count);
            steps.Add(next);
            if (dice.OneIn(20))
            {
                // A thread goes over its memory page by page, so that pages leave together and come back together.
                SharedStepKind kind = dice.OneIn(3) ? SharedStepKind.Read : SharedStepKind.Write;
                int slot = dice.OneIn(2) ? SharedSections.Slots : dice.Roll(SharedSections.Slots);
                steps.AddRange(Enumerable.Range(0, dice.Between(8, SharedSections.PrivatePages)).Select(page => next with
                {
                    Kind = kind, Slot = slot, Page = page, Value = (ulong)(((steps.Count + page) * 2) + 2 + (int)(next.Value & 1)), Turns = dice.Roll(8),
                }));
            }
        }

        return steps;
    }

    private static SharedStep Next(Dice dice, int number)
    {
        SharedStepKind kind = KindOf(dice);
        int amount = kind switch
        {
            SharedStepKind.Map => dice.Roll(SharedSections.Count),
            SharedStepKind.Commit => dice.Between(1, 8),
            SharedStepKind.Trim => dice.Roll(50),
            SharedStepKind.ReadErrors or SharedStepKind.WriteErrors => dice.Between(100, 1000),
            SharedStepKind.SlowDevice => dice.Between(2, 20),
            SharedStepKind.CloseHandle => dice.Roll(SharedSections.Count),
            _ => 0,
        };
        bool access = kind is SharedStepKind.Read or SharedStepKind.Write;
        int slot = access && dice.OneIn(4) ? SharedSections.Slots : dice.Roll(SharedSections.Slots);
        int page = kind == SharedStepKind.Map ? FirstPage(dice) : dice.Roll(dice.OneIn(3) ? SharedSections.PrivatePages : 5);
        return new SharedStep(
            kind, dice.Roll(Processes), dice.Roll(Threads), slot, page, amount, _protections[dice.Roll(_protections.Length)],
            (ulong)((number * 2) + 2 + dice.Roll(2)), dice.OneIn(4) ? 0 : dice.Roll(dice.OneIn(5) ? 300 : 30));
    }

    /// <summary>Where a view begins in its section.</summary>
    private static int FirstPage(Dice dice) => dice.Roll(3) / 2 * PageSize.GranularityPages;

    private static SharedStepKind KindOf(Dice dice) => dice.Roll(100) switch
    {
        < 34 => SharedStepKind.Write,
        < 62 => SharedStepKind.Read,
        < 68 => SharedStepKind.Map,
        < 71 => SharedStepKind.Unmap,
        < 75 => SharedStepKind.Commit,
        < 78 => SharedStepKind.Flush,
        < 85 => SharedStepKind.Trim,
        < 88 => SharedStepKind.EmptyWorkingSets,
        < 92 => SharedStepKind.FlushModified,
        < 94 => SharedStepKind.ReadErrors,
        < 95 => dice.OneIn(3) ? SharedStepKind.WriteErrors : SharedStepKind.Rest,
        < 96 => SharedStepKind.SlowDevice,
        < 97 => dice.OneIn(2) ? SharedStepKind.CloseHandle : SharedStepKind.Rest,
        < 98 => dice.OneIn(3) ? SharedStepKind.Kill : SharedStepKind.Rest,
        _ => SharedStepKind.Rest,
    };
}
