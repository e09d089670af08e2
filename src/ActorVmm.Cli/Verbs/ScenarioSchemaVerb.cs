namespace ActorVmm.Cli.Verbs;

internal sealed class ScenarioSchemaVerb : PromisedVerb
{
    public ScenarioSchemaVerb()
        : base("schema", "x")
    {
    }
}
