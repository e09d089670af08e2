using System.Security.Cryptography;
using ActorVmm.Journal.Bytes;

namespace ActorVmm.Journal.Campaigns;

/// <summary>
/// What a campaign is: which seeds of what, run how, by which build. The same plan is the same campaign, whoever asks for it and
/// however many workers and nodes take part; that is how one that was stopped is found again.
/// </summary>
/// <param name="Subject">What is run or explored, as it was asked for: a scenario's file or name, or race:NAME.</param>
/// <param name="First">The first seed.</param>
/// <param name="Last">The last seed, at most <see cref="MostSeed"/>.</param>
public sealed record CampaignPlan(string Subject, ulong First, ulong Last)
{
    /// <summary>Seeds lie in signed columns.</summary>
    public const ulong MostSeed = long.MaxValue;

    /// <summary>The scenario's file; "" for a race.</summary>
    public string InputPath { get; init; } = "";

    /// <summary>SHA-256 of that file, in hexadecimal digits; "" for a race.</summary>
    public string InputSha256 { get; init; } = "";

    /// <summary>
    /// Everything else that decides what a seed comes to, by name: flags, hashes of further files, how is explored. Their order
    /// belongs to the plan.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>Which build runs the seeds: another may come to something else.</summary>
    public string Kernel { get; init; } = "";

    /// <summary>How many seeds.</summary>
    public long Seeds => checked((long)(Last - First) + 1);

    /// <summary>32 hexadecimal digits, the same for the same plan; where the input lies does not matter, what it says does.</summary>
    public string Id
    {
        get
        {
            ByteWriter bytes = new();
            Write(bytes, InputSha256.Length > 0 ? "" : Subject, "");
            return Convert.ToHexStringLower(SHA256.HashData(bytes.Written))[..32];
        }
    }

    /// <summary>As bytes, for a table or for another node.</summary>
    public byte[] Encode()
    {
        ByteWriter bytes = new();
        Write(bytes, Subject, InputPath);
        return bytes.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> gave.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static CampaignPlan Decode(ReadOnlySpan<byte> bytes)
    {
        ByteReader from = new(bytes);
        (string subject, string path, string sha, string kernel) = (from.Text(), from.Text(), from.Text(), from.Text());
        (ulong first, ulong last) = (from.Number(), from.Number());
        var settings = new KeyValuePair<string, string>[from.Count(16)];
        for (int i = 0; i < settings.Length; i++)
        {
            settings[i] = new(from.Text(), from.Text());
        }

        from.End();
        return last <= MostSeed && first <= last
            ? new CampaignPlan(subject, first, last) { InputPath = path, InputSha256 = sha, Kernel = kernel, Settings = settings }
            : throw new FormatException(FormattableString.Invariant($"seeds from {first} to {last}"));
    }

    private void Write(ByteWriter into, string subject, string path)
    {
        foreach (string text in (ReadOnlySpan<string>)[subject, path, InputSha256, Kernel])
        {
            into.Text(text);
        }

        into.Number(First);
        into.Number(Last);
        into.Number(Settings.Count);
        foreach ((string name, string value) in Settings)
        {
            into.Text(name);
            into.Text(value);
        }
    }
}
