using System.CommandLine;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm inspect</c>: a recorded machine at one of its deliveries.</summary>
internal sealed class InspectVerb : PromisedVerb
{
    public InspectVerb()
        : base("inspect", "Look at a recorded machine, in the debugger's words: actorvmm inspect latest at 4711 pfn.")
    {
        Takes("run", "A run id, 'latest', or a journal.");
        Argument<string> at = Takes("at", "The word 'at'.");
        at.HelpName = "at";
        at.AcceptOnlyFromAmong("at");
        Argument<ulong> delivery = new("N") { Description = "The delivery." };
        Add(delivery);
        Argument<string> view = Takes("view", "memusage, vm, pfn, pte, vad, process, sections, pools, devices or messages.");
        view.HelpName = "view";
        view.AcceptOnlyFromAmong("memusage", "vm", "pfn", "pte", "vad", "process", "sections", "pools", "devices", "messages");
    }
}
