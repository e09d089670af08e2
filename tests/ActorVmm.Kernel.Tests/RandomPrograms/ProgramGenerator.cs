using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.RandomPrograms;

/// <summary>Makes random programs: much is given and little is taken away, so that most memory can be used most of the time.</summary>
internal static class ProgramGenerator
{
    public const int Processes = 3;
    public const int Threads = 2;
    public const int Steps = 400;

    private static readonly PageProtection[] _protections =
    [
        PageProtection.ReadWrite, PageProtection.ReadWrite, PageProtection.ReadWrite, PageProtection.ReadOnly, PageProtection.ExecuteReadWrite,
        PageProtection.NoAccess, PageProtection.ReadWrite | PageProtection.Guard,
    ];

    public static List<ProgramStep> Make(ulong seed)
    {
        var dice = new Dice(seed);
        List<ProgramStep> steps = [];
        for (int owner = 0; owner < Processes * Threads; owner++)
        {
            steps.Add(new ProgramStep(StepKind.ReserveCommit, owner % Processes, owner / Processes, 0, dice.Between(24, Memory.Pages), PageProtection.ReadWrite, 0, 0));
        }

        while (steps.Count < Steps)
        {
            steps.Add(Next(dice));
            if (dice.OneIn(20))
            {
                steps.AddRange(dice.OneIn(2) ? Recursion(dice) : Sweep(dice));
            }
        }

        return steps;
    }

    /// <summary>A thread goes down its stack page by page, perhaps to the end.</summary>
    private static IEnumerable<ProgramStep> Recursion(Dice dice)
    {
        ProgramStep first = Next(dice) with { Kind = StepKind.StackWrite, Turns = dice.Roll(30) };
        return Enumerable.Range(0, dice.Between(4, Stack.Pages)).Select(page => first with { Page = page });
    }

    /// <summary>A thread goes over its memory page by page, so that neighbours leave together and come back together.</summary>
    private static IEnumerable<ProgramStep> Sweep(Dice dice)
    {
        ProgramStep first = Next(dice) with { Kind = dice.OneIn(3) ? StepKind.Read : StepKind.Write, Turns = dice.Roll(10) };
        return Enumerable.Range(0, dice.Between(16, Memory.Pages)).Select(page => first with { Page = page });
    }

    private static ProgramStep Next(Dice dice)
    {
        StepKind kind = KindOf(dice);
        int page = kind is StepKind.StackRead or StepKind.StackWrite ? dice.Roll(dice.OneIn(6) ? Stack.Pages : 6) : dice.Roll(dice.OneIn(2) ? Memory.Pages : 10);
        int pages = kind switch
        {
            StepKind.Trim => dice.Roll(50),
            StepKind.ReadErrors or StepKind.WriteErrors => dice.Between(100, 1000),
            StepKind.SlowDevice => dice.Between(2, 20),
            StepKind.Reserve or StepKind.ReserveCommit => dice.Between(8, Memory.Pages),
            StepKind.Commit => dice.Between(1, 32),
            _ => dice.Between(1, 8),
        };
        return new ProgramStep(
            kind, dice.Roll(Processes), dice.Roll(Threads), page, pages, dice.OneIn(2) ? PageProtection.ReadWrite : _protections[dice.Roll(_protections.Length)],
            (ulong)dice.Between(1, 1_000_000), dice.OneIn(4) ? 0 : dice.Roll(dice.OneIn(5) ? 400 : 40));
    }

    private static StepKind KindOf(Dice dice) => dice.Roll(100) switch
    {
        < 28 => StepKind.Write,
        < 54 => StepKind.Read,
        < 56 => StepKind.Execute,
        < 60 => StepKind.StackWrite,
        < 62 => StepKind.StackRead,
        < 63 => StepKind.Reserve,
        < 66 => StepKind.ReserveCommit,
        < 70 => StepKind.Commit,
        < 73 => StepKind.Decommit,
        < 74 => StepKind.Release,
        < 78 => StepKind.Protect,
        < 80 => StepKind.Reset,
        < 82 => StepKind.Prefetch,
        < 87 => StepKind.Trim,
        < 90 => StepKind.EmptyWorkingSets,
        < 93 => StepKind.Flush,
        < 95 => StepKind.ReadErrors,
        < 96 => StepKind.WriteErrors,
        < 97 => StepKind.SlowDevice,
        < 98 => dice.OneIn(3) ? StepKind.BadFrame : StepKind.Rest,
        < 99 => dice.OneIn(4) ? StepKind.Kill : StepKind.Rest,
        _ => StepKind.Rest,
    };
}
