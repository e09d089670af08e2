using System.Collections.Frozen;

namespace ActorVmm.Workloads.Conformance;

/// <summary>The names of bits in cases. Names of all kinds are read alike: none of them means two things.</summary>
public static class FlagWords
{
    private static readonly (string Name, ulong Value)[] _protection =
    [
        ("PAGE_NOACCESS", 1), ("PAGE_READONLY", 2), ("PAGE_READWRITE", 4), ("PAGE_WRITECOPY", 8), ("PAGE_EXECUTE", 0x10), ("PAGE_EXECUTE_READ", 0x20),
        ("PAGE_EXECUTE_READWRITE", 0x40), ("PAGE_EXECUTE_WRITECOPY", 0x80), ("PAGE_GUARD", 0x100), ("PAGE_NOCACHE", 0x200), ("PAGE_WRITECOMBINE", 0x400),
    ];

    private static readonly (string Name, ulong Value)[] _memory =
    [
        ("MEM_COMMIT", 0x1000), ("MEM_RESERVE", 0x2000), ("MEM_DECOMMIT", 0x4000), ("MEM_RELEASE", 0x8000), ("MEM_FREE", 0x1_0000), ("MEM_PRIVATE", 0x2_0000),
        ("MEM_MAPPED", 0x4_0000), ("MEM_RESET", 0x8_0000), ("MEM_TOP_DOWN", 0x10_0000), ("MEM_WRITE_WATCH", 0x20_0000), ("MEM_PHYSICAL", 0x40_0000),
        ("MEM_IMAGE", 0x100_0000), ("MEM_REPLACE_PLACEHOLDER", 0x4000), ("MEM_RESERVE_PLACEHOLDER", 0x4_0000), ("MEM_COALESCE_PLACEHOLDERS", 1),
        ("MEM_PRESERVE_PLACEHOLDER", 2), ("MEM_RESET_UNDO", 0x100_0000), ("MEM_LARGE_PAGES", 0x2000_0000),
    ];

    private static readonly (string Name, ulong Value)[] _section =
    [
        ("SEC_BASED", 0x20_0000), ("SEC_FILE", 0x80_0000), ("SEC_IMAGE", 0x100_0000), ("SEC_RESERVE", 0x400_0000), ("SEC_COMMIT", 0x800_0000),
        ("SEC_NOCACHE", 0x1000_0000), ("SEC_WRITECOMBINE", 0x4000_0000), ("SEC_LARGE_PAGES", 0x8000_0000),
    ];

    private static readonly (string Name, ulong Value)[] _rights =
    [
        ("SECTION_QUERY", 1), ("SECTION_MAP_WRITE", 2), ("SECTION_MAP_READ", 4), ("SECTION_MAP_EXECUTE", 8), ("SECTION_EXTEND_SIZE", 0x10), ("SECTION_ALL_ACCESS", 0xF_001F),
        ("FILE_MAP_COPY", 1), ("FILE_MAP_WRITE", 2), ("FILE_MAP_READ", 4), ("FILE_MAP_EXECUTE", 0x20),
    ];

    private static readonly FrozenDictionary<string, ulong> _all =
        _protection.Concat(_memory).Concat(_section).Concat(_rights).ToFrozenDictionary(flag => flag.Name, flag => flag.Value, StringComparer.Ordinal);

    public static IReadOnlyCollection<string> Names => _all.Keys;

    /// <summary>Reads names joined by bars, or a number for bits without a name.</summary>
    public static bool TryParse(string text, out ulong bits, out string unknown)
    {
        ArgumentNullException.ThrowIfNull(text);
        bits = 0;
        foreach (string word in text.Split('|'))
        {
            unknown = word;
            if (!_all.TryGetValue(word, out ulong value) && !Expression.TryNumber(word, out value))
            {
                return false;
            }

            bits |= value;
        }

        unknown = "";
        return true;
    }

    /// <summary>The bits of an output in words, by what that output tells of; numbers in hexadecimal.</summary>
    public static string TextOf(string output, ulong bits)
    {
        ArgumentNullException.ThrowIfNull(output);
        return output switch
        {
            "protect" or "allocation_protect" or "old_protect" => Join(_protection, bits),
            "state" or "type" => Join(_memory.AsSpan(0, 12), bits),
            "attributes" => Join(_section, bits),
            _ => Expression.Hexadecimal(bits),
        };
    }

    private static string Join(ReadOnlySpan<(string Name, ulong Value)> flags, ulong bits)
    {
        var words = new List<string>();
        foreach ((string name, ulong value) in flags)
        {
            if ((bits & value) != 0)
            {
                words.Add(name);
                bits &= ~value;
            }
        }

        if (bits != 0 || words.Count == 0)
        {
            words.Add(bits == 0 ? "0" : Expression.Hexadecimal(bits));
        }

        return string.Join('|', words);
    }
}
