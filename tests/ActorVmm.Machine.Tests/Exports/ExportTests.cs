using System.Text;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Reading;
using ActorVmm.Machine.Exports;
using ActorVmm.Machine.Tests.Timelines;
using ActorVmm.Machine.Timelines;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests.Exports;

/// <summary>Each export keeps to the rules of the tool that reads it, and its arrows are the run's causes.</summary>
public sealed class ExportTests
{
    private const string Everything = """
          crowd:
            count: 4
            threads: 2
            workingSet: { min: 20 pages, max: 60 pages }
            phases:
              - reserve: { name: heap, size: 1MiB }
              - commit:  { region: heap }
              - touch:   { region: heap, pattern: sequential, writes: 100% }
              - idle:    const(2ms)
              - touch:   { region: heap, pattern: uniform, writes: 40%, count: 600 }
        """;

    private static readonly TurnsOfRun _turns = TurnsOfRun.Of(Crowd());

    [Fact]
    public void TheRunHasEveryKindOfCause()
    {
        _turns.Deliveries.ShouldContain(delivery => delivery.Sender == 0);
        _turns.Deliveries.ShouldContain(delivery => delivery.Sender == delivery.Actor);
        _turns.Deliveries.ShouldContain(delivery => delivery.Sender != 0 && delivery.Sender != delivery.Actor);
    }

    [Fact]
    public void PerfettoKeepsItsRules() => PerfettoChecker.Check(Export(ExportFormat.Perfetto), _turns);

    [Fact]
    public void ShiVizKeepsItsRules() => ShiVizChecker.Check(Export(ExportFormat.ShiViz), _turns);

    [Fact]
    public void CsvIsALinePerDelivery() => TableCheckers.CheckCsv(Export(ExportFormat.Csv), _turns);

    [Fact]
    public void NdjsonIsAnObjectPerFact() => TableCheckers.CheckNdjson(Export(ExportFormat.Ndjson), _turns);

    /// <summary>The rows of the journal say who heard what of whom: the arrows of what is exported are those.</summary>
    [Fact]
    public void ARecordedRunsArrowsAreTheJournalsCauses()
    {
        using var runs = new RecordedRuns();
        runs.Record(Crowd());
        using RecordedRuns.Opened opened = runs.Open(Crowd());
        TurnsOfRun turns = TurnsOfRun.Of(opened.Timeline.Run);

        turns.Deliveries.ShouldBe(_turns.Deliveries.Select(delivery => delivery with { Facts = 0 }));
        PerfettoChecker.Check(Export(opened, ExportFormat.Perfetto), turns);
        ShiVizChecker.Check(Export(opened, ExportFormat.ShiViz), turns);
        foreach (ExportFormat format in Enum.GetValues<ExportFormat>())
        {
            Export(opened, format).ShouldBe(Export(format));
        }
    }

    [Fact]
    public void ARunOnSeveralCoresKeepsTheRulesToo()
    {
        using var runs = new RecordedRuns();
        runs.RecordParallel(Crowd(), workers: 3);
        using RecordedRuns.Opened opened = runs.Open(Crowd());
        TurnsOfRun turns = TurnsOfRun.Of(opened.Timeline);

        PerfettoChecker.Check(Export(opened, ExportFormat.Perfetto), turns);
        ShiVizChecker.Check(Export(opened, ExportFormat.ShiViz), turns);
        TableCheckers.CheckCsv(Export(opened, ExportFormat.Csv), turns);
        TableCheckers.CheckNdjson(Export(opened, ExportFormat.Ndjson), turns);
    }

    [Fact]
    public void ARunCutShortIsStillWellFormed()
    {
        var until = Ticks.FromMilliseconds(1);
        TurnsOfRun turns = TurnsOfRun.Of(Crowd(), until);

        PerfettoChecker.Check(Export(ExportFormat.Perfetto, until), turns);
        ShiVizChecker.Check(Export(ExportFormat.ShiViz, until), turns);
    }

    [Fact]
    public void TheSameRunIsTheSameFile()
    {
        foreach (ExportFormat format in Enum.GetValues<ExportFormat>())
        {
            Export(format).ShouldBe(Export(format));
        }
    }

    [Theory]
    [InlineData("\"ph\":\"f\"", "\"ph\":\"s\"")]
    [InlineData(",\"bp\":\"e\"", "")]
    [InlineData("\"dur\":", "\"duration\":")]
    [InlineData("\"ph\":\"e\"", "\"ph\":\"b\"")]
    [InlineData("\"free\":0", "\"free\":\"0\"")]
    public void APerfettoFileThatBreaksARuleIsFound(string right, string wrong)
    {
        string file = Export(ExportFormat.Perfetto);
        int at = file.IndexOf(right, StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0, right);

        Should.Throw<ShouldAssertException>(() => PerfettoChecker.Check(file[..at] + wrong + file[(at + right.Length)..], _turns));
    }

    [Theory]
    [InlineData("\n\n", "\n")]
    [InlineData(":2,", ":3,")]
    [InlineData(" t=", " at=")]
    public void AShiVizLogThatBreaksARuleIsFound(string right, string wrong)
    {
        string file = Export(ExportFormat.ShiViz);
        int at = file.IndexOf(right, StringComparison.Ordinal);
        at.ShouldBeGreaterThan(0, right);

        Should.Throw<ShouldAssertException>(() => ShiVizChecker.Check(file[..at] + wrong + file[(at + right.Length)..], _turns));
    }

    private static Scenario Crowd() => Runs.Small(Everything);

    private static string Export(RecordedRuns.Opened opened, ExportFormat format)
    {
        using var stream = new MemoryStream();
        ExportedRun.Write(opened.Timeline.Run, Crowd(), format, stream, TimeProvider.System, CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static string Export(ExportFormat format, Ticks? until = null)
    {
        using var stream = new MemoryStream();
        ExportedRun.Write(new RunPlan(Crowd()) { Until = until }, format, stream, TimeProvider.System, CancellationToken.None);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}

/// <summary>A run as a listener of its own heard it: what exports are compared with.</summary>
internal sealed class TurnsOfRun : ITurnListener, IFactListener
{
    public List<(long Number, long Now, int Actor, int Sender, int Count, int Facts)> Deliveries { get; } = [];

    /// <summary>Whether what a turn costs passes before the next turn of its actor.</summary>
    public bool CostsPass { get; private init; } = true;

    public long Facts => Deliveries.Sum(delivery => (long)delivery.Facts);

    public static TurnsOfRun Of(Scenario scenario, Ticks? until = null)
    {
        var turns = new TurnsOfRun();
        MachineBuilder.Build(scenario, [turns], options => new DeterministicHost(options with { TurnListeners = [turns] })).Host.Run(until);
        return turns;
    }

    /// <summary>What the rows of a journal say; they say nothing of facts.</summary>
    public static TurnsOfRun Of(RecordedRun run)
    {
        var turns = new TurnsOfRun();
        foreach (DeliveryBatch batch in run.Events().OfType<DeliveryBatch>())
        {
            foreach (DeliveryRow row in batch.Rows)
            {
                turns.Deliveries.Add((turns.Deliveries.Count + 1, row.Now, row.Receiver, row.Sender, row.SenderCount, 0));
            }
        }

        return turns;
    }

    /// <summary>What the timeline of a run on several cores shows, delivery by delivery.</summary>
    public static TurnsOfRun Of(ITimeline timeline)
    {
        var turns = new TurnsOfRun { CostsPass = false };
        timeline.Seek(0);
        timeline.SeekNext((in turn, in delivery, facts) =>
        {
            if (turn.Number == turns.Deliveries.Count + 1)
            {
                turns.Deliveries.Add((turn.Number, turn.Now.Value, turn.Actor.Value, delivery.Sender.Value, delivery.SenderCount, facts.Length));
            }

            return false;
        });
        return turns;
    }

    public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox) =>
        Deliveries.Add((turn.Number, turn.Now.Value, turn.Actor.Value, delivery.Sender.Value, delivery.SenderCount, outbox.Facts.Length));

    public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
    {
    }
}
