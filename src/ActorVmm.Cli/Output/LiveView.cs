using ActorVmm.Machine;
using ActorVmm.Machine.Summary;
using ActorVmm.Protocol;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace ActorVmm.Cli.Output;

/// <summary>
/// A run on a terminal: where the pages are, how fast faults of each kind come, who holds most memory, and both times.
/// Every state has a letter of its own, so nothing is told by colour alone.
/// </summary>
internal sealed class LiveView(IAnsiConsole console, TimeProvider clock, string title) : IProgress
{
    private const int MostProcesses = 6;
    private const int MostCensuses = 4;
    private const int Margin = 4;

    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1.0 / MostCensuses);

    public void Show(Action<Action<SimulatedMachine>> run) =>
        console.Live(new Text(title)).AutoClear(true).Start(live =>
        {
            long began = clock.GetTimestamp();
            TimeSpan next = TimeSpan.Zero;
            Census? before = null;
            run(machine =>
            {
                TimeSpan elapsed = clock.GetElapsedTime(began);
                if (elapsed < next)
                {
                    return;
                }

                Census now = Census.Of(machine);
                live.UpdateTarget(Draw(machine, now, before, elapsed));
                before = now;

                // With a million processes a census takes a while; it never takes more than a tenth of the run.
                TimeSpan took = clock.GetElapsedTime(began) - elapsed;
                next = elapsed + (took * 10 > _interval ? took * 10 : _interval);
            });
        });

    private Rows Draw(SimulatedMachine machine, Census now, Census? before, TimeSpan elapsed)
    {
        double seconds = before is null ? 0 : (now.Now - before.Now).Value / 1e9;
        return new Rows(
            new Text($"{title}   virtual {Numbers.Time(now.Now)}, real {Numbers.Seconds(elapsed)}, {Numbers.Count(now.Host.Turns)} turns"),
            PageBar(now.Pages),
            new Text("A active  S standby  M modified  T in transfer  Z zeroed  F free"),
            FaultRates(now.Faults, before?.Faults, seconds),
            WorkingSets(machine));
    }

    private Markup PageBar(PageCounts pages)
    {
        (char Letter, string Colour, long Count)[] parts =
        [
            ('A', "green", pages.Active), ('S', "blue", pages.StandbyTotal), ('M', "red", pages.Modified + pages.ModifiedNoWrite),
            ('T', "yellow", pages.Transition), ('Z', "grey", pages.Zeroed), ('F', "silver", pages.Free + pages.Bad),
        ];
        int width = Math.Max(10, console.Profile.Width - Margin);
        long seen = 0;
        int drawn = 0;
        string bar = "";
        foreach ((char letter, string colour, long count) in parts)
        {
            seen += count;
            int end = (int)(seen * width / Math.Max(1, pages.Total));
            bar += $"[{colour}]{new string(letter, Math.Max(0, end - drawn))}[/]";
            drawn = Math.Max(drawn, end);
        }

        return new Markup(bar);
    }

    private static Table FaultRates(FaultCounts now, FaultCounts? before, double virtualSeconds)
    {
        Table table = Tables.New("Page faults", ">so far", ">per virtual second");
        foreach (FaultKind kind in Enum.GetValues<FaultKind>().Where(kind => now[kind] > 0))
        {
            string rate = before is null || virtualSeconds <= 0 ? "" : Numbers.Count((long)((now[kind] - before[kind]) / virtualSeconds));
            table.Row(RunReport.NameOf(kind), Numbers.Count(now[kind]), rate);
        }

        return table;
    }

    private static IRenderable WorkingSets(SimulatedMachine machine)
    {
        Table table = Tables.New("Working sets", ">pages", ">page faults");
        foreach (ProcessCounts process in Census.ProcessesOf(machine, cap: 0, MostProcesses).Listed)
        {
            table.Row(process.Name, Numbers.Count(process.WorkingSet), Numbers.Count(process.PageFaults));
        }

        return table;
    }
}
