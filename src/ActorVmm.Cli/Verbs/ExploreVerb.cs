using System.CommandLine;
using ActorVmm.Cli.CommandLine;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm explore</c>: many schedules of one machine or race.</summary>
internal sealed class ExploreVerb : PromisedVerb
{
    public ExploreVerb()
        : base("explore", "Search the schedules of a scenario or race for broken promises.")
    {
        Takes("scenario", "A scenario file, or race:NAME.");
        Add(new Option<string[]>("--param") { Description = "A parameter of a race, k=v; may be repeated.", HelpName = "k=v" });
        Has("--fixed", "The race's mended variant.");
        Has("--strategy", "NAME", "random, pct, pctcp, pos, delay, dpor or portfolio.", Values.OneOf("random", "pct", "pctcp", "pos", "delay", "dpor", "portfolio"));
        Has("--depth", "D", "Depth of pct and its kin.", Values.Number(1));
        Has("--delivery", "MODEL", "fifo, causal, mailbox or bag.", Values.OneOf("fifo", "causal", "mailbox", "bag"));
        Has("--schedules", "N", "How many schedules to try.", Values.Number(1));
        Has("--exhaustive", "All schedules.");
        Has("--for", "TIME", "How long, such as 5m.", Values.Duration);
        Has("--stop-on-first", "Stop at the first finding.");
        Has("--workers", "N", "Cores to use.", Values.Number(1));
        Has("--seed", "N", "Seed of the search.", Values.Seed);
        Has("--journal", "PATH|none", "Where findings are recorded.", Values.Text);
        Has("--schedule", "STRING", "Run this one schedule.", Values.Text);
        Has("--timers", "K", "How often a timer may fire at any point.", Values.Number(0));
        Has("--checkpoint", "FILE", "Where an interrupted search goes on.", Values.Text);
    }
}
