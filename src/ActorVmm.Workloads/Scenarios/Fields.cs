using System.Globalization;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>
/// A mapping of the file with the keys it may have. Each value is read by its kind; what is wrong is said with its place. A key
/// nobody knows is refused at once, with the one that was probably meant.
/// </summary>
internal sealed class Fields
{
    private readonly Dictionary<string, ScenarioNode> _values = new(StringComparer.Ordinal);

    public Fields(ScenarioNode node, string what, IReadOnlyCollection<string> keys)
    {
        Place = node.Place;
        What = what;
        if (node is not MappingNode mapping)
        {
            throw node.Error($"expected {what} with keys {string.Join(", ", keys)}, not {node.Kind}");
        }

        foreach (MappingEntry entry in mapping.Entries)
        {
            if (!keys.Contains(entry.Key.Text, StringComparer.Ordinal))
            {
                throw entry.Key.Error($"{what} has no key {entry.Key.Kind}{Suggestion.For(entry.Key.Text, keys)}");
            }

            _values.Add(entry.Key.Text, entry.Value);
        }
    }

    public Place Place { get; }

    public string What { get; }

    public bool Has(string key) => _values.ContainsKey(key);

    public ScenarioNode? Find(string key) => _values.GetValueOrDefault(key);

    public ScenarioNode Required(string key) =>
        Find(key) ?? throw new InputException(Place, $"{What} needs `{key}`");

    public string? Text(string key) => Find(key) is { } node ? Scalar(node) : null;

    public string RequiredText(string key) => Scalar(Required(key));

    /// <summary>A whole number within bounds.</summary>
    public long Whole(string key, long low, long high, long otherwise)
    {
        if (Find(key) is not { } node)
        {
            return otherwise;
        }

        string text = Scalar(node);
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= low && value <= high
            ? value
            : throw node.Error(string.Create(CultureInfo.InvariantCulture, $"`{key}` is a whole number from {low} to {high}, not {node.Kind}"));
    }

    public bool Truth(string key, bool otherwise) => Find(key) is not { } node
        ? otherwise
        : Scalar(node) switch
        {
            "true" or "yes" => true,
            "false" or "no" => false,
            _ => throw node.Error($"`{key}` is true or false, not {node.Kind}"),
        };

    /// <summary>A size in whole pages, rounded up, within bounds in pages.</summary>
    public ulong Pages(string key, ulong low, ulong high, ulong otherwise) => Find(key) is { } node ? Pages(node, key, low, high) : otherwise;

    public static ulong Pages(ScenarioNode node, string key, ulong low, ulong high)
    {
        if (Quantity.TrySize(Scalar(node), out ulong bytes) is { } wrong)
        {
            throw node.Error($"`{key}`: {wrong}");
        }

        ulong pages = PageSize.PagesOf(bytes);
        return pages >= low && pages <= high
            ? pages
            : throw node.Error(string.Create(CultureInfo.InvariantCulture, $"`{key}` is {pages} pages; from {low} to {high} pages are possible"));
    }

    /// <summary>A size to the byte, within bounds in bytes.</summary>
    public static ulong Bytes(ScenarioNode node, string key, ulong low, ulong high)
    {
        if (Quantity.TrySize(Scalar(node), out ulong bytes) is { } wrong)
        {
            throw node.Error($"`{key}`: {wrong}");
        }

        return bytes >= low && bytes <= high
            ? bytes
            : throw node.Error(string.Create(CultureInfo.InvariantCulture, $"`{key}` is {bytes} bytes; from {low} to {high} are possible"));
    }

    /// <summary>A hexadecimal address, with ' or _ between digits as one likes; whether it can be had is for the machine to say.</summary>
    public static ulong Address(ScenarioNode node, string key)
    {
        const ulong Highest = 0x7FFF_FFFF_FFFF;
        string digits = Scalar(node).Replace("'", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        bool read = ulong.TryParse(digits.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? digits[2..] : "", NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong address);
        return read && address is > 0 and <= Highest && address % PageSize.GranularityBytes == 0
            ? address
            : throw node.Error($"`{key}` is a multiple of 64 KB below 0x8000'00000000, written with 0x, not {node.Kind}");
    }

    public Ticks Time(string key, Ticks otherwise) =>
        Find(key) is not { } node
            ? otherwise
            : Quantity.TryTime(Scalar(node), out long nanoseconds) is { } wrong
                ? throw node.Error($"`{key}`: {wrong}")
                : new Ticks(nanoseconds);

    /// <summary>A share in parts of <paramref name="whole"/>.</summary>
    public long Share(string key, long whole, long otherwise)
    {
        if (Find(key) is not { } node)
        {
            return otherwise;
        }

        return Quantity.TryShare(Scalar(node), out decimal share) is { } wrong
            ? throw node.Error($"`{key}`: {wrong}")
            : (long)decimal.Round(share * whole);
    }

    public Distribution Distribution(string key, Distribution otherwise) => Find(key) is { } node ? DistributionOf(node) : otherwise;

    public static Distribution DistributionOf(ScenarioNode node) =>
        DistributionText.TryParse(Scalar(node), out Distribution distribution) is { } wrong ? throw node.Error(wrong) : distribution;

    /// <summary>One of a few names.</summary>
    public T Name<T>(string key, IReadOnlyDictionary<string, T> names, T otherwise) =>
        Find(key) is not { } node
            ? otherwise
            : names.TryGetValue(Scalar(node), out T? value)
                ? value
                : throw node.Error($"`{key}` cannot be {node.Kind}{Suggestion.For(Scalar(node), [.. names.Keys])}");

    public IReadOnlyList<ScenarioNode> Items(string key) => Find(key) switch
    {
        null => [],
        SequenceNode sequence => sequence.Items,
        var node => throw node.Error($"`{key}` is a list, not {node.Kind}"),
    };

    public static string Scalar(ScenarioNode node) =>
        node is ScalarNode scalar ? scalar.Text : throw node.Error($"expected one value, not {node.Kind}");
}
