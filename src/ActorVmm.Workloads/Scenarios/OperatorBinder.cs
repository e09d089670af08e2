using System.Globalization;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Scenarios;

/// <summary>Reads `load:` and `faults:`.</summary>
internal static class OperatorBinder
{
    private static readonly SortedDictionary<string, InjectionKind> _kinds = new(StringComparer.Ordinal)
    {
        ["device-slow"] = InjectionKind.DeviceSlow,
        ["read-error"] = InjectionKind.ReadError,
        ["write-error"] = InjectionKind.WriteError,
        ["empty-working-sets"] = InjectionKind.EmptyWorkingSets,
        ["flush-modified-list"] = InjectionKind.FlushModifiedList,
        ["kill-process"] = InjectionKind.KillProcess,
        ["purge-standby-list"] = InjectionKind.PurgeStandbyList,
        ["purge-low-priority-standby-list"] = InjectionKind.PurgeLowPriorityStandbyList,
        ["device-offline"] = InjectionKind.DeviceOffline,
        ["extension-error"] = InjectionKind.ExtensionError,
        ["bad-page"] = InjectionKind.BadPage,
    };

    /// <summary>More processes than there are plans are started from the plans by turns.</summary>
    public static LoadStep Load(ScenarioNode node)
    {
        var fields = new Fields(node, "a load step", ScenarioKeys.LoadStep);
        fields.Required("for");
        fields.Required("processes");
        return new LoadStep(fields.Time("for", Ticks.Zero), (int)fields.Whole("processes", 0, ProcessBinder.MostProcesses, 0));
    }

    public static Injection Fault(ScenarioNode node, MachinePlan machine, int processes)
    {
        uint frames = machine.Frames;
        var fields = new Fields(node, "a fault", ScenarioKeys.Fault);
        fields.Required("at");
        ScenarioNode inject = fields.Required("inject");
        Ticks at = fields.Time("at", Ticks.Zero);
        InjectionKind kind = fields.Name("inject", _kinds, InjectionKind.DeviceSlow);
        Only(fields, inject, kind switch
        {
            InjectionKind.DeviceSlow => ["at", "inject", "for", "factor", "pagingFile", "file"],
            InjectionKind.ReadError or InjectionKind.WriteError => ["at", "inject", "for", "chance", "pagingFile", "file"],
            InjectionKind.DeviceOffline or InjectionKind.ExtensionError => ["at", "inject", "for", "pagingFile"],
            InjectionKind.EmptyWorkingSets or InjectionKind.FlushModifiedList or InjectionKind.PurgeStandbyList
                or InjectionKind.PurgeLowPriorityStandbyList => ["at", "inject"],
            InjectionKind.KillProcess => ["at", "inject", "process"],
            InjectionKind.BadPage => ["at", "inject", "frame", "count"],
        });
        switch (kind)
        {
            case InjectionKind.DeviceSlow:
                fields.Required("for");
                fields.Required("factor");
                int factor = (int)fields.Whole("factor", 1, 1_000_000, 1);
                return OnDevice(fields, machine, new Injection(at, kind, 0, factor, fields.Time("for", Ticks.Zero)));
            case InjectionKind.ReadError or InjectionKind.WriteError:
                fields.Required("for");
                fields.Required("chance");
                int chance = (int)fields.Share("chance", 1000, 0);
                return OnDevice(fields, machine, new Injection(at, kind, 0, chance, fields.Time("for", Ticks.Zero)));
            case InjectionKind.KillProcess:
                fields.Required("process");
                return new Injection(at, kind, (int)fields.Whole("process", 0, Math.Max(0, processes - 1), 0));
            case InjectionKind.DeviceOffline or InjectionKind.ExtensionError:
                return OnDevice(fields, machine, new Injection(at, kind, 0, 1, fields.Time("for", Ticks.Zero)));
            case InjectionKind.BadPage:
                int frame = (int)fields.Whole("frame", 0, frames - 1, 0);
                return new Injection(at, kind, frame, (int)fields.Whole("count", 1, frames - frame, 1));
            case InjectionKind.EmptyWorkingSets or InjectionKind.FlushModifiedList or InjectionKind.PurgeStandbyList
                or InjectionKind.PurgeLowPriorityStandbyList:
                return new Injection(at, kind);
            default:
                throw inject.Error("nothing that can be injected");
        }
    }

    /// <summary>The device that an injection is about: that of a file, when one is named, else of a paging file.</summary>
    private static Injection OnDevice(Fields fields, MachinePlan machine, Injection injection)
    {
        if (fields.Find("file") is not { } named)
        {
            return machine.PagingFiles.Count == 0
                ? throw fields.Required("inject").Error("the machine has no paging file to fail")
                : injection with { Target = (int)fields.Whole("pagingFile", 0, machine.PagingFiles.Count - 1, 0) };
        }

        if (fields.Find("pagingFile") is { } other)
        {
            throw other.Error("either `file` or `pagingFile`");
        }

        string name = Fields.Scalar(named);
        int place = machine.Files.ToList().FindIndex(file => string.Equals(file.Name, name, StringComparison.Ordinal));
        return place >= 0
            ? injection with { Target = place, OfFile = true }
            : throw named.Error($"there is no file {named.Kind} under `files`{Suggestion.For(name, [.. machine.Files.Select(file => file.Name)])}");
    }

    private static void Only(Fields fields, ScenarioNode inject, string[] keys)
    {
        foreach (string key in ScenarioKeys.Fault)
        {
            if (fields.Find(key) is { } node && !keys.Contains(key, StringComparer.Ordinal))
            {
                throw node.Error(string.Create(CultureInfo.InvariantCulture, $"{inject.Kind} takes no `{key}`"));
            }
        }
    }
}
