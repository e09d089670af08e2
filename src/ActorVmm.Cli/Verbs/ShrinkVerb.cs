namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm shrink</c>.</summary>
internal sealed class ShrinkVerb : PromisedVerb
{
    public ShrinkVerb()
        : base("shrink", "Make a failing run as short as it can be.") => Takes("run", "A run id.");
}
