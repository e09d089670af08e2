using ActorVmm.Cli.CommandLine;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm serve</c>: the page.</summary>
internal sealed class ServeVerb : PromisedVerb
{
    public ServeVerb()
        : base("serve", "Show runs in a browser.") => Has("--port", "N", "Port to listen on.", Values.Number(0, 65_535));
}
