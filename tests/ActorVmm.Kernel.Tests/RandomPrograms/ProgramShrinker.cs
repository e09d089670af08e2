namespace ActorVmm.Kernel.Tests.RandomPrograms;

/// <summary>Makes a failing program short: parts are left out, halves first and single steps last, as long as it goes on failing.</summary>
internal static class ProgramShrinker
{
    public static IReadOnlyList<T> Shrink<T>(IReadOnlyList<T> failing, Func<IReadOnlyList<T>, bool> fails)
    {
        List<T> shortest = [.. failing];
        for (int size = shortest.Count / 2; size >= 1; size /= 2)
        {
            for (int at = 0; at < shortest.Count;)
            {
                List<T> shorter = [.. shortest.Take(at), .. shortest.Skip(at + size)];
                if (fails(shorter))
                {
                    shortest = shorter;
                }
                else
                {
                    at += size;
                }
            }
        }

        return shortest;
    }
}
