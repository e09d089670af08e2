namespace ActorVmm.Cli.CommandLine;

/// <summary>Lists of words for messages, and the word that somebody may have meant.</summary>
internal static class Spelling
{
    private const int MostEdits = 2;

    public static string List(IEnumerable<string> words)
    {
        string[] all = [.. words];
        return all.Length < 2 ? string.Concat(all) : string.Join(", ", all[..^1]) + " or " + all[^1];
    }

    /// <summary>" (did you mean X?)", or nothing when no word is near.</summary>
    public static string Suggestion(string text, IEnumerable<string> words)
    {
        string? nearest = words.Where(word => Distance(text, word) <= MostEdits).MinBy(word => Distance(text, word));
        return nearest is null ? "" : $" (did you mean {nearest}?)";
    }

    /// <summary>How many letters have to be added, dropped or changed.</summary>
    private static int Distance(string left, string right)
    {
        if (Math.Abs(left.Length - right.Length) > MostEdits)
        {
            return MostEdits + 1;
        }

        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int above = row[j];
                int change = char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + change);
                diagonal = above;
            }
        }

        return row[^1];
    }
}
