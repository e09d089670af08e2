using ActorVmm.Cli.CommandLine;

namespace ActorVmm.Cli.Verbs;

/// <summary><c>actorvmm campaign</c>: one scenario, many seeds.</summary>
internal sealed class CampaignVerb : PromisedVerb
{
    public CampaignVerb()
        : base("campaign", "Run a scenario with many seeds; findings as they come.")
    {
        Takes("scenario", "A scenario file.");
        Has("--seeds", "A..B", "First and last seed.", Range).Required = true;
        Has("--nodes", "NODES", "Machines to use.", Values.Text);
        Has("--journal", "PATH|none", "Where findings are recorded.", Values.Text);
    }

    private static (ulong First, ulong Last) Range(string text)
    {
        string[] ends = text.Split("..");
        try
        {
            if (ends is [var first, var last] && Values.Seed(first) <= Values.Seed(last))
            {
                return (Values.Seed(first), Values.Seed(last));
            }
        }
        catch (FormatException)
        {
            // Said below, for both ends at once.
        }

        throw new FormatException("expected two seeds, such as 1..1000");
    }
}
