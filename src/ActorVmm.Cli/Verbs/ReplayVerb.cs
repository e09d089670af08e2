using ActorVmm.Cli.CommandLine;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm replay</c>: a recorded run, delivery by delivery.</summary>
internal sealed class ReplayVerb : PromisedVerb
{
    public ReplayVerb()
        : base("replay", "Run a recorded run again, exactly.")
    {
        Takes("run", "A run id, 'latest', or a journal.");
        Has("--to", "N", "Stop at delivery N.", Values.Seed);
        Has("--to-time", "T", "Stop at virtual time T, such as 2s.", Values.Duration);
        Has("--verify", "Compare every checkpoint.");
        Has("--host", "HOST", "Where the actors run.", HostName.Read);
        Has("--workers", "N", "Cores of the parallel host.", Values.Number(1));
    }
}
