namespace ActorVmm.Cli.CommandLine;

/// <summary>Lists of words for messages.</summary>
internal static class Spelling
{
    public static string List(IEnumerable<string> words)
    {
        string[] all = [.. words];
        return all.Length < 2 ? string.Concat(all) : string.Join(", ", all[..^1]) + " or " + all[^1];
    }
}
