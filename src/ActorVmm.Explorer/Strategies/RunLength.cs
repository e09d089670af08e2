namespace ActorVmm.Explorer.Strategies;

/// <summary>How many turns an execution takes at most, as far as a few random walks show. The same every time.</summary>
internal static class RunLength
{
    private const int Walks = 64;

    public static int Of(ExploredMachine machine)
    {
        RandomStrategy random = new(0);
        int longest = 1;
        for (int walk = 0; walk < Walks; walk++)
        {
            random.Begin(walk);
            machine.Run(random);
            longest = Math.Max(longest, machine.Turns);
        }

        return longest;
    }
}
