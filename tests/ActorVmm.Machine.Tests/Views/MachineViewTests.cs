using System.Text;
using System.Text.Json;
using ActorVmm.Kernel;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Inspection;
using ActorVmm.Machine.Timelines;
using ActorVmm.Machine.Views;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Tests.Views;

/// <summary>What the views show is what the machine is, at any point of a run.</summary>
public sealed class MachineViewTests : IDisposable
{
    private static readonly long[] _places = [0, 1, 900, 30_000, 50_000];

    private readonly RerunTimeline _timeline = new(Runs.Named("first-look"));

    public void Dispose() => _timeline.Dispose();

    [Fact]
    public void EveryViewDrawsEverywhereAndIsJson()
    {
        foreach (long place in _places)
        {
            _timeline.Seek(place);
            foreach (MachineView view in MachineView.All)
            {
                if (place == 0 && view.Name is "pte" or "vad")
                {
                    Should.Throw<ViewException>(() => Draw(view.Name, "0", "10000")).Message.ShouldContain("no process");
                    continue;
                }

                string[] arguments = view.Name switch { "pfn" => ["2a"], "pte" => ["0", "0000`10000000"], "vad" => ["0"], _ => [] };
                Draw(view.Name, arguments).Text().ShouldNotBeEmpty();
                JsonOf(view.Name, arguments).ValueKind.ShouldBe(JsonValueKind.Object);
            }
        }
    }

    [Fact]
    public void MemoryUsageAddsUp()
    {
        foreach (long place in _places)
        {
            _timeline.Seek(place);
            JsonElement usage = JsonOf("memusage");
            string[] rows = ["zeroed", "free", "standby", "modified", "modifiedNoWrite", "active", "transition", "bad"];
            rows.Sum(row => usage.GetProperty(row).GetInt64()).ShouldBe(_timeline.Machine.Plan.Frames);
            usage.GetProperty("total").GetInt64().ShouldBe(_timeline.Machine.Plan.Frames);
            usage.GetProperty("standbyByPriority").EnumerateArray().Sum(row => row.GetProperty("pages").GetInt64()).ShouldBe(usage.GetProperty("standby").GetInt64());
        }
    }

    [Fact]
    public void APageWalkEndsAtTheFrameThatThePfnDatabaseGivesTheProcess()
    {
        _timeline.Seek(50_000);
        int walked = 0;
        foreach (Process process in _timeline.Machine.Processes.Where(process => process.WorkingSetPages > 0))
        {
            VadView vad = process.InspectVads()[^1];
            for (ulong page = vad.Start.Value; page <= vad.End.Value; page++)
            {
                PageWalk walk = process.Walk(new Vpn(page));
                walk.Steps.Select(step => step.Level).ShouldBe(["PXE", "PPE", "PDE", "PTE"]);
                Pte pte = walk.Steps[^1].Entry;
                if (!pte.IsValid)
                {
                    continue;
                }

                walked++;
                walk.Steps.ShouldAllBe(step => step.Reached && step.Entry.IsValid);
                FrameView frame = _timeline.Machine.PfnDatabase.Inspect(pte.Pfn);
                frame.Location.ShouldBe(PageLocation.Active);
                frame.ShareCount.ShouldBe(1U);
                process.PageIn(pte.Pfn).ShouldBe(new Vpn(page));
            }
        }

        walked.ShouldBeGreaterThan(1_000);
    }

    [Fact]
    public void AWalkNamesItsIndicesAndWhereItsEntriesAre()
    {
        _timeline.Seek(50_000);
        JsonElement walk = JsonOf("pte", "editor-1", "0x100000000").GetProperty("walk");

        walk.EnumerateArray().Select(step => step.GetProperty("index").GetString()).ShouldBe(["0x0", "0x4", "0x0", "0x0"]);
        walk.EnumerateArray().Select(step => step.GetProperty("entryAddress").GetString())
            .ShouldBe(["0xfffff6fb7dbed000", "0xfffff6fb7da00020", "0xfffff6fb40004000", "0xfffff68000800000"]);
    }

    [Fact]
    public void AHintIsShownBesideWhatThePfnDatabaseSays()
    {
        _timeline.Seek(50_000);
        Process process = _timeline.Machine.Processes.First(candidate => candidate.InspectVads().Any(vad => vad.Transition > 0));
        VadView vad = process.InspectVads().First(candidate => candidate.Transition > 0);
        ulong page = vad.Start.Value;
        while (process.Walk(new Vpn(page)).Steps[^1].Entry.Form != PteForm.Transition)
        {
            page++;
        }

        string text = Draw("pte", process.Plan.Name, new Vpn(page).Start.ToString()).Text();
        text.ShouldContain("transition");
        text.ShouldContain("hint");
        text.ShouldContain("PFN 0");
    }

    [Fact]
    public void ProcessesAreFoundByNumberNameAndBoth()
    {
        _timeline.Seek(50_000);
        foreach (string name in new[] { "4", "editor-4", "EDITOR-4", "editor-4#4" })
        {
            JsonOf("process", name).GetProperty("serial").GetInt32().ShouldBe(4);
        }

        Should.Throw<ViewException>(() => Draw("process", "winword")).Message.ShouldContain("winword");
    }

    [Theory]
    [InlineData("pfn", "fffffff", false)]
    [InlineData("pfn", "frame", true)]
    [InlineData("pte", "9000000000000000", true)]
    public void WhatIsNotThereIsSaid(string view, string argument, bool malformed)
    {
        _timeline.Seek(50_000);
        string[] arguments = view is "pte" ? ["editor-1", argument] : [argument];

        Should.Throw<ViewException>(() => Draw(view, arguments)).Malformed.ShouldBe(malformed);
    }

    private Sheet Draw(string view, params string[] arguments) => MachineView.Find(view).ShouldNotBeNull().Draw(Sight.Of(_timeline), arguments);

    private JsonElement JsonOf(string view, params string[] arguments)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            Draw(view, arguments).WriteFields(json);
            json.WriteEndObject();
        }

        using JsonDocument document = JsonDocument.Parse(Encoding.UTF8.GetString(bytes.ToArray()));
        return document.RootElement.Clone();
    }
}
