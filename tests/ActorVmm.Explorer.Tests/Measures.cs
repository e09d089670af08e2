using ActorVmm.Explorer.Dpor;
using ActorVmm.Explorer.Strategies;

namespace ActorVmm.Explorer.Tests;

/// <summary>
/// The numbers in the bounds of pct and pctcp, taken over all executions of a subject: lines, steps, and the width of the
/// order of messages.
/// </summary>
internal sealed record Measures(int Lines, int Steps, int Width)
{
    public static Measures Of(ISubject subject, DeliveryModel model)
    {
        ExploredMachine machine = new(subject, new ExecutionSetting { Model = model }, recorded: true);
        DporStrategy every = new(machine);
        (int lines, int steps, int width) = (0, 0, 0);
        for (long execution = 0; every.Begin(execution); execution++)
        {
            HashSet<ulong> seen = [];
            machine.Run(new Watching(every, host =>
            {
                for (int index = 0; index < host.DeliverableCount; index++)
                {
                    seen.Add(Strategies.Lines.Of(host, in host.Deliverable(index), model));
                }
            }));
            (lines, steps, width) = (Math.Max(lines, seen.Count), Math.Max(steps, machine.Turns), Math.Max(width, WidthOf(machine.Record)));
        }

        return new Measures(lines, steps, width);
    }

    /// <summary>The most messages none of which happened before another: turns less a largest matching along the order (Dilworth).</summary>
    private static int WidthOf(ExecutionRecord record)
    {
        bool[,] before = new bool[record.Count, record.Count];
        for (int later = 0; later < record.Count; later++)
        {
            for (int earlier = 0; earlier < later; earlier++)
            {
                bool sameChannel = record[earlier].Sender == record[later].Sender && record[earlier].Actor == record[later].Actor;
                if (record[later].Cause == earlier || sameChannel)
                {
                    before[earlier, later] = true;
                    for (int first = 0; first < earlier; first++)
                    {
                        before[first, later] |= before[first, earlier];
                    }
                }
            }
        }

        int[] matchOf = new int[record.Count];
        Array.Fill(matchOf, -1);
        int matched = Enumerable.Range(0, record.Count).Count(turn => Match(turn, before, matchOf, new bool[record.Count]));
        return record.Count - matched;
    }

    private static bool Match(int turn, bool[,] before, int[] matchOf, bool[] tried)
    {
        for (int later = 0; later < matchOf.Length; later++)
        {
            if (before[turn, later] && !tried[later])
            {
                tried[later] = true;
                if (matchOf[later] < 0 || Match(matchOf[later], before, matchOf, tried))
                {
                    matchOf[later] = turn;
                    return true;
                }
            }
        }

        return false;
    }

    private sealed class Watching(IStrategy strategy, Action<SteppedHost> look) : IStrategy
    {
        public bool Begin(long execution) => strategy.Begin(execution);

        public int NextDelivery(SteppedHost host)
        {
            look(host);
            return strategy.NextDelivery(host);
        }

        public int NextNumber(in ChoicePoint point) => strategy.NextNumber(in point);
    }
}
