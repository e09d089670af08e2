using System.CommandLine;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm journal list|info|verify|export|prune</c>.</summary>
internal static class JournalVerbs
{
    public static Command Create() =>
        new("journal", "Recorded runs.")
        {
            new Recorded("list", "List recorded runs.", needsRun: false),
            new Recorded("info", "Tell about one recorded run.", needsRun: true),
            new Recorded("verify", "Check a journal for damage.", needsRun: false),
            new Recorded("export", "Write a recorded run out.", needsRun: true),
            new Recorded("prune", "Remove old runs.", needsRun: false),
        };

    private sealed class Recorded : PromisedVerb
    {
        public Recorded(string name, string description, bool needsRun)
            : base(name, description)
        {
            if (needsRun)
            {
                Takes("run", "A run id, 'latest', or a journal.");
            }
            else
            {
                MayTake("journal", "Which journal.");
            }
        }
    }
}
