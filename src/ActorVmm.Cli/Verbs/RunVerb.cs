namespace ActorVmm.Cli.Verbs;

internal sealed class RunVerb : PromisedVerb
{
    public RunVerb()
        : base("run", "x")
    {
    }
}
