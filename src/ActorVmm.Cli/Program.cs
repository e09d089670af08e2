namespace ActorVmm.Cli;

/// <summary>The entry point of <c>actorvmm</c>.</summary>
internal static class Program
{
    /// <summary>Refuses every verb with exit code 2 (wrong usage) while none is built.</summary>
    public static int Main()
    {
        Console.Error.WriteLine("actorvmm: this build has no verbs yet.");
        return 2;
    }
}
