namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm diff</c>: where two runs part.</summary>
internal sealed class DiffVerb : PromisedVerb
{
    public DiffVerb()
        : base("diff", "Find where two runs part.")
    {
        Takes("runA", "A run id.");
        Takes("runB", "Another.");
    }
}
