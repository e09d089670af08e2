using ActorVmm.Protocol;

namespace ActorVmm.Workloads;

/// <summary>Page protections as traces and scenarios write them.</summary>
public static class ProtectionText
{
    private static readonly (string Name, string Short, PageProtection Value)[] _bases =
    [
        ("noaccess", "none", PageProtection.NoAccess),
        ("readonly", "r", PageProtection.ReadOnly),
        ("readwrite", "rw", PageProtection.ReadWrite),
        ("writecopy", "wc", PageProtection.WriteCopy),
        ("execute", "x", PageProtection.Execute),
        ("executeread", "rx", PageProtection.ExecuteRead),
        ("executereadwrite", "rwx", PageProtection.ExecuteReadWrite),
        ("executewritecopy", "wcx", PageProtection.ExecuteWriteCopy),
    ];

    private static readonly (string Name, PageProtection Value)[] _modifiers =
    [
        ("guard", PageProtection.Guard),
        ("nocache", PageProtection.NoCache),
        ("writecombine", PageProtection.WriteCombine),
    ];

    /// <summary>The names, for messages.</summary>
    public static string Names => string.Join(", ", _bases.Select(b => b.Name)) + "; with +guard, +nocache or +writecombine";

    /// <summary>
    /// Reads `readwrite`, `rw`, `PAGE_READWRITE`, `readwrite+guard`: a base, then modifiers, joined by + or |. Case, hyphens and
    /// underscores do not matter. Whether a combination is allowed is for the memory manager to say.
    /// </summary>
    public static bool TryParse(string text, out PageProtection protection)
    {
        protection = PageProtection.None;
        bool based = false;
        foreach (string part in text.Split('+', '|'))
        {
            string word = Normalize(part);
            if (Array.Find(_modifiers, m => string.Equals(m.Name, word, StringComparison.Ordinal)) is { Name: not null } modifier)
            {
                protection |= modifier.Value;
            }
            else if (!based && Array.Find(_bases, known => new[] { known.Name, known.Short }.Contains(word, StringComparer.Ordinal)) is { Name: not null } found)
            {
                protection |= found.Value;
                based = true;
            }
            else
            {
                return false;
            }
        }

        return based;
    }

    private static string Normalize(string text)
    {
        string word = text.Trim().ToLowerInvariant();
        word = word.StartsWith("page_", StringComparison.Ordinal) ? word[5..] : word;
        return word.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
    }
}
