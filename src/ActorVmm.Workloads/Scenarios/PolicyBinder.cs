using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>Reads `policy:` into a <see cref="MemoryPolicy"/> and the replacement that processes have unless they say otherwise.</summary>
internal static class PolicyBinder
{
    private const ulong MostPages = int.MaxValue;

    public static IReadOnlyDictionary<string, Replacement> Replacements { get; } = new SortedDictionary<string, Replacement>(StringComparer.Ordinal)
    {
        ["windows"] = Replacement.Windows,
        ["fifo"] = Replacement.Fifo,
        ["lru"] = Replacement.Lru,
        ["clock"] = Replacement.Clock,
        ["opt"] = Replacement.Opt,
    };

    public static (MemoryPolicy Policy, Replacement Replacement) Bind(ScenarioNode? node)
    {
        var policy = new MemoryPolicy();
        if (node is null)
        {
            return (policy, Replacement.Windows);
        }

        var fields = new Fields(node, "a policy", ScenarioKeys.Policy);
        policy = policy with
        {
            LowAvailable = (int)fields.Pages("lowAvailable", 1, MostPages, (ulong)policy.LowAvailable),
            PlentyAvailable = (int)fields.Pages("plentyAvailable", 1, MostPages, (ulong)policy.PlentyAvailable),
            ReadCluster = (int)fields.Pages("readCluster", 1, 16, (ulong)policy.ReadCluster),
            Quantum = (int)fields.Whole("quantum", 1, 1 << 20, policy.Quantum),
            FrameCache = (int)fields.Pages("frameCache", 0, 6, (ulong)policy.FrameCache),
            CheckEveryAccess = fields.Truth("checkEveryAccess", policy.CheckEveryAccess),
            SystemPagesPerCall = (int)fields.Pages("systemPagesPerCall", 1, 48, (ulong)policy.SystemPagesPerCall),
            LowNotification = (int)fields.Pages("lowNotification", 1, MostPages, (ulong)policy.LowNotification),
        };
        if (fields.Find("modifiedWriter") is { } writer)
        {
            var own = new Fields(writer, "modifiedWriter", ScenarioKeys.ModifiedWriter);
            policy = policy with
            {
                ModifiedMaximum = (int)own.Pages("maximum", 1, MostPages, (ulong)policy.ModifiedMaximum),
                WriteCluster = (int)own.Pages("cluster", 1, 16, (ulong)policy.WriteCluster),
                WritesInFlight = (int)own.Whole("inFlight", 1, 1024, policy.WritesInFlight),
            };
        }

        if (fields.Find("zeroThread") is { } zero)
        {
            var own = new Fields(zero, "zeroThread", ScenarioKeys.ZeroThread);
            policy = policy with
            {
                ZeroThreadWake = (int)own.Pages("wake", 1, MostPages, (ulong)policy.ZeroThreadWake),
                ZeroBatch = (int)own.Pages("batch", 1, 6, (ulong)policy.ZeroBatch),
            };
        }

        if (fields.Find("workingSetManager") is { } manager)
        {
            var own = new Fields(manager, "workingSetManager", ScenarioKeys.WorkingSetManager);
            policy = policy with { ManagerPeriod = own.Time("period", policy.ManagerPeriod) };
            if (policy.ManagerPeriod <= Ticks.Zero)
            {
                throw own.Required("period").Error("the period of the working-set manager is longer than 0");
            }
        }

        if (policy is { LowAvailable: > 0, PlentyAvailable: > 0 } && policy.PlentyAvailable < policy.LowAvailable)
        {
            throw fields.Required("plentyAvailable").Error("`plentyAvailable` is less than `lowAvailable`");
        }

        return (policy, fields.Name("replacement", Replacements, Replacement.Windows));
    }
}
