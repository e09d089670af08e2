using System.Text.Json;

namespace ActorVmm.Explorer.Exploring;

/// <summary>
/// A proof of small scope as a document: every execution of one subject was run, or every state of it was seen, and no promise
/// broke. Who doubts it searches again and has to come to the same counts and the same fingerprint.
/// </summary>
public sealed record Certificate
{
    /// <summary>The version that this program writes, and the newest that it reads.</summary>
    public const int CurrentVersion = 1;

    /// <summary>What <see cref="Counts"/> says when traces were counted.</summary>
    public const string Traces = "traces";

    /// <summary>What <see cref="Counts"/> says when states were counted.</summary>
    public const string States = "states";

    private static readonly JsonSerializerOptions _layout = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase, WriteIndented = true, NewLine = "\n" };

    public int Version { get; init; } = CurrentVersion;

    /// <summary>The program that searched, with its version.</summary>
    public string Program { get; init; } = "";

    /// <summary>A fingerprint of the code that computed the turns and judged them. Another build may well come to the same.</summary>
    public string Build { get; init; } = "";

    /// <summary>What was searched, as it is named after <c>actorvmm explore</c>.</summary>
    public string Subject { get; init; } = "";

    /// <summary>SHA-256 of the scenario, in hexadecimal digits; null for a race, whose name says all.</summary>
    public string? ScenarioSha256 { get; init; }

    /// <summary>Decides the draws of the machine.</summary>
    public ulong Seed { get; init; }

    public string Strategy { get; init; } = "";

    public string Delivery { get; init; } = "";

    /// <summary>How often timers may fire in one execution.</summary>
    public int Timers { get; init; }

    /// <summary>What <see cref="Count"/> counts: <see cref="Traces"/>, or <see cref="States"/> in which something can be delivered.</summary>
    public string Counts { get; init; } = "";

    public long Count { get; init; }

    /// <summary>Executions in which a promise broke: 0, or there is no proof.</summary>
    public long Violating { get; init; }

    /// <summary>Executions of <c>dpor</c> that were cut off as redundant; 0 where states are counted, for there that is how it works.</summary>
    public long Blocked { get; init; }

    public bool Exhausted { get; init; }

    /// <summary>All traces or all states as one fingerprint, whatever the order in which they were met.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Wall time of the search; it proves nothing.</summary>
    public double Seconds { get; init; }

    /// <summary>Reads a document.</summary>
    /// <exception cref="FormatException">It is no certificate.</exception>
    public static Certificate Parse(string text)
    {
        Certificate? read;
        try
        {
            read = JsonSerializer.Deserialize<Certificate>(text, _layout);
        }
        catch (JsonException error)
        {
            throw new FormatException($"this is no certificate: {error.Message}", error);
        }

        return read is { Version: > 0, Subject.Length: > 0, Fingerprint.Length: > 0 }
            ? read
            : throw new FormatException("this is no certificate: it does not say of what, or not what it came to");
    }

    /// <summary>Writes the document; <see cref="Parse"/> reads it.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, _layout);

    /// <summary>Why another certificate is one of another search; null when it is of the same.</summary>
    public string? SearchDiffers(Certificate other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (ScenarioSha256 is null || other.ScenarioSha256 is null ? Differ("subject", Subject, other.Subject) : Differ("scenario", ScenarioSha256, other.ScenarioSha256))
            ?? Differ("seed", Seed, other.Seed)
            ?? Differ("strategy", Strategy, other.Strategy)
            ?? Differ("delivery", Delivery, other.Delivery)
            ?? Differ("timers", Timers, other.Timers)
            ?? Differ("counting", Counts, other.Counts);
    }

    /// <summary>What another run of the same search came to that this one did not; null when they agree.</summary>
    public string? OutcomeDiffers(Certificate other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Differ(Counts, Count, other.Count)
            ?? Differ("violating", Violating, other.Violating)
            ?? Differ("blocked", Blocked, other.Blocked)
            ?? Differ("exhausted", Exhausted, other.Exhausted)
            ?? Differ("fingerprint", Fingerprint, other.Fingerprint);
    }

    private static string? Differ<T>(string what, T one, T other) =>
        EqualityComparer<T>.Default.Equals(one, other) ? null : FormattableString.Invariant($"{what} {one}, not {other}");
}
