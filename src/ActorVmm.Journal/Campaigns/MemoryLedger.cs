namespace ActorVmm.Journal.Campaigns;

/// <summary>A book that is gone with its process: for campaigns that are not recorded.</summary>
public sealed class MemoryLedger(CampaignPlan plan) : ICampaignLedger
{
    private static readonly HashSet<ulong> _nothingDone = [];

    private readonly SortedDictionary<ulong, SeedResult> _results = [];
    private readonly Dictionary<string, FindingGroup> _findings = new(StringComparer.Ordinal);
    private CampaignTotals _totals = new();
    private long _claimed;

    public string Name => "memory";

    public CampaignPlan Plan { get; } = plan ?? throw new ArgumentNullException(nameof(plan));

    public SeedLease? Claim(long most)
    {
        long count = Math.Min(most, Plan.Seeds - _claimed);
        if (count <= 0)
        {
            return null;
        }

        ulong first = Plan.First + (ulong)_claimed;
        _claimed += count;
        return new SeedLease(first, first + (ulong)(count - 1), _nothingDone);
    }

    public IReadOnlyList<FindingGroup> Settle(IReadOnlyList<SeedResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        List<FindingGroup> fresh = [];
        foreach (SeedResult result in results)
        {
            if (!_results.TryAdd(result.Seed, result))
            {
                continue;
            }

            _totals = _totals.With(result);
            foreach (SeedFinding finding in result.Findings.DistinctBy(finding => finding.Key, StringComparer.Ordinal))
            {
                if (_findings.TryGetValue(finding.Key, out FindingGroup? known))
                {
                    _findings[finding.Key] = known with { Seeds = known.Seeds + 1, LowestSeed = Math.Min(known.LowestSeed, result.Seed) };
                }
                else
                {
                    _findings.Add(finding.Key, new FindingGroup(result.Seed, finding));
                    fresh.Add(_findings[finding.Key]);
                }
            }
        }

        return fresh;
    }

    public void Recorded(string finding, string run) => _findings[finding] = _findings[finding] with { Run = run };

    public CampaignTotals Totals() => _totals;

    public IReadOnlyList<FindingGroup> Findings() =>
        [.. _findings.Values.OrderByDescending(group => group.Seeds).ThenBy(group => group.LowestSeed).ThenBy(group => group.Finding.Key, StringComparer.Ordinal)];

    public IEnumerable<SeedResult> Results() => _results.Values;

    public void Dispose()
    {
    }
}
