namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm explain</c>.</summary>
internal sealed class ExplainVerb : PromisedVerb
{
    public ExplainVerb()
        : base("explain", "Tell the story of a run, a finding or an error code.") => Takes("what", "A run, a finding, or an error code.");
}
