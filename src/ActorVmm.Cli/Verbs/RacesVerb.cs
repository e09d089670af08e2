namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm races</c>: the catalogue of race conditions.</summary>
internal sealed class RacesVerb : PromisedVerb
{
    public RacesVerb()
        : base("races", "The catalogue of races: story, models, expected counts.") => MayTake("name", "Which one; all when left out.");
}
