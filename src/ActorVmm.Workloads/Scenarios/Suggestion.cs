namespace ActorVmm.Workloads.Scenarios;

/// <summary>Finds what somebody probably meant.</summary>
public static class Suggestion
{
    /// <summary>`, did you mean …?` for the closest of the words, or their list when none is close.</summary>
    public static string For(string wrong, IReadOnlyCollection<string> words)
    {
        string? closest = words.MinBy(word => Distance(Head(wrong), word));
        return closest is not null && Distance(Head(wrong), closest) <= Math.Max(2, closest.Length / 3)
            ? $"; did you mean `{closest}`?"
            : "; known are " + string.Join(", ", words);
    }

    private static string Head(string text) => text.Length > 40 ? text[..40] : text;

    /// <summary>Letters to insert, remove or change, whatever their case.</summary>
    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++)
        {
            row[j] = j;
        }

        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int change = diagonal + (char.ToLowerInvariant(left[i - 1]) == char.ToLowerInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[right.Length];
    }
}
