using ActorVmm.Actors;
using ActorVmm.Kernel;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Views;

/// <summary>!memusage: where every frame is, as the PFN database says it, and who uses memory.</summary>
internal static class MemoryUsage
{
    private const int Locations = (int)PageLocation.Transition + 1;

    private static readonly (PageLocation Location, string Key, string Label)[] _rows =
    [
        (PageLocation.Zeroed, "zeroed", "Zeroed"), (PageLocation.Free, "free", "Free"), (PageLocation.Standby, "standby", "Standby"),
        (PageLocation.Modified, "modified", "Modified"), (PageLocation.ModifiedNoWrite, "modifiedNoWrite", "ModifiedNoWrite"),
        (PageLocation.Active, "active", "Active/Valid"), (PageLocation.Transition, "transition", "Transition"), (PageLocation.Bad, "bad", "Bad"),
    ];

    public static Sheet Draw(Sight sight, IReadOnlyList<string> arguments)
    {
        SimulatedMachine machine = sight.Machine;
        var sheet = new Sheet();
        foreach ((PageLocation location, string key, string label) in _rows)
        {
            sheet.Field(key, label, Cell.Pages(machine.PfnDatabase.CountOf(location)));
        }

        sheet.Field("total", "TOTAL", Cell.Pages(machine.Plan.Frames));
        long kept = machine.Processes.Sum(process => (long)process.FramesKept);
        sheet.Field("kept", "of them kept ready", Cell.Pages(kept));
        sheet.Line("");
        sheet.Line("  Standby pages by priority, and how often one of them lost its frame:");
        sheet.Table("standbyByPriority", [("priority", "priority"), ("pages", "pages"), ("repurposed", "repurposed")], Enumerable.Range(0, 8).Select(priority => new[]
        {
            Cell.Count(priority), Cell.Count(machine.PfnDatabase.StandbyOf(priority)), Cell.Count(machine.PfnDatabase.RepurposedOf(priority)),
        }));
        sheet.Line("");
        sheet.Line("  Usage Summary (in pages): what is valid, on its way out, and in page tables");
        return sheet.Table(
            "usage",
            [("name", "name"), ("valid", "Valid"), ("standby", "Standby"), ("dirty", "Dirty"), ("transition", "Transition"), ("pageTables", "PageTables"), ("kept", "Kept")],
            Usage(sight));
    }

    private static List<Cell[]> Usage(Sight sight)
    {
        var counts = new SortedDictionary<int, long[]>();
        for (uint frame = 0; frame < sight.Machine.Plan.Frames; frame++)
        {
            (ActorId owner, PageLocation location) = sight.Machine.PfnDatabase.Usage(new Pfn(frame));
            if (!owner.IsOutside && location is not (PageLocation.Zeroed or PageLocation.Free or PageLocation.Bad))
            {
                if (!counts.TryGetValue(owner.Value, out long[]? row))
                {
                    counts.Add(owner.Value, row = new long[Locations]);
                }

                row[(int)location]++;
            }
        }

        var rows = new List<Cell[]>();
        foreach ((int owner, long[] row) in counts.OrderByDescending(pair => pair.Value.Sum()).ThenBy(pair => pair.Key))
        {
            Process? process = sight.ProcessOf(new ActorId(owner));
            int tables = process?.Inspect().ResidentPageTables ?? 0;
            int kept = process?.FramesKept ?? 0;
            rows.Add(
            [
                Cell.Word(sight.Names.NameOf(new ActorId(owner))), Cell.Count(row[(int)PageLocation.Active] - tables - kept), Cell.Count(row[(int)PageLocation.Standby]),
                Cell.Count(row[(int)PageLocation.Modified]), Cell.Count(row[(int)PageLocation.Transition]), Cell.Count(tables), Cell.Count(kept),
            ]);
        }

        return rows;
    }
}
