namespace ActorVmm.Cli.Verbs;

internal sealed class ScenarioCheckVerb : PromisedVerb
{
    public ScenarioCheckVerb()
        : base("check", "x")
    {
    }
}
