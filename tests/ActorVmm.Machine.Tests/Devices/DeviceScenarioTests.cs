using System.Text;
using System.Text.Json;
using ActorVmm.Actors;
using ActorVmm.Kernel;
using ActorVmm.Machine.Metrics;
using ActorVmm.Machine.Summary;
using ActorVmm.Machine.Tests.Timelines;
using ActorVmm.Machine.Timelines;
using ActorVmm.Machine.Views;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Specifications;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine.Tests.Devices;

/// <summary>Device stacks in scenarios: packets, lists of locked pages, system PTEs, paging files on devices with drivers.</summary>
public sealed class DeviceScenarioTests
{
    private const string Machine = "{ ram: 1MiB, cpus: 2, pagingFiles: [ { size: 4MiB, latency: const(1ms) } ], devices: { camera: { latency: const(1ms), queueDepth: 2 } }, system: { systemPtes: 64KiB } }";

    private const string Reader = """
          reader:
            count: 2
            lingers: true
            workingSet: { min: 20 pages, max: 40 pages }
            phases:
              - reserve:    { name: buffer, size: 64KiB }
              - commit:     { region: buffer }
              - repeat:     { times: 40, phases: [ { readDevice: { device: camera, region: buffer, size: 32KiB } }, { touch: { region: buffer } } ] }
        """;

    /// <summary>R18: pages are locked while they are trimmed, and what the device gives is in them all the same.</summary>
    [Fact]
    public void LockedPagesThatAreTrimmedKeepTheirFrames()
    {
        const string Empties = "\nfaults: [ " + "{ at: 700us, inject: empty-working-sets }, { at: 5ms, inject: empty-working-sets }, { at: 9ms, inject: empty-working-sets }, "
            + "{ at: 15ms, inject: empty-working-sets } ]\n";
        using Scenario scenario = Runs.Small(Reader + Empties, Machine);
        var watch = new LockWatch();
        var suite = new SpecificationSuite(scenario.Machine);
        SimulatedMachine machine = MachineBuilder.Build(scenario, [suite, watch]);
        machine.Host.Run();

        suite.Quiesced();
        suite.Violations.Select(violation => violation.ToString()).ShouldBeEmpty();
        watch.LeftItsPage.ShouldBeGreaterThan(0, "frames in transition because of their locks alone");
        watch.MovedOn.ShouldBe(0, "no locked frame is given to anybody");
        foreach (Process reader in machine.Processes)
        {
            double[] words = [.. Enumerable.Range(0, 8).Select(page => FrameMetrics.Word(machine, reader, 0x1_0000_0000 + ((ulong)page << PageSize.Shift)))];
            words.ShouldAllBe(word => word > 0);
            words.Distinct().Count().ShouldBe(1, "all pages have the same answer");
        }
    }

    [Fact]
    public void WhoFindsNoPacketIsTold()
    {
        const string One = "{ ram: 1MiB, cpus: 2, devices: { camera: { latency: const(1ms), packets: 1 } } }";
        RunSummary run = Runs.Of(Runs.Small(Reader + "\nexpect: [ devices.requests(camera) == 80, devices.failed(camera) > 0, systemPtes.refused == 0 ]\n", One));

        Judge(run);
    }

    [Fact]
    public void WhoFindsNoRoomInSystemSpaceIsTold()
    {
        string small = Machine.Replace("64KiB", "12 pages", StringComparison.Ordinal);
        RunSummary run = Runs.Of(Runs.Small(Reader + "\nexpect: [ devices.failed(camera) > 0, devices.failed(camera) == systemPtes.refused, systemPtes.used == 0, systemPtes.peak == 8 ]\n", small));

        Judge(run);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void PagingThroughDriversNeedsNothingThatCouldRunOut(ulong seed)
    {
        const string Tight = "{ ram: 1MiB, cpus: 2, pagingFiles: [ { size: 8MiB, latency: uniform(100us, 2ms), device: disk } ], devices: { disk: { packets: 1, filters: 6 } }, system: { systemPtes: 1 pages } }";
        const string Writers = """
              writer:
                count: 3
                phases:
                  - reserve: { name: heap, size: 1MiB }
                  - commit:  { region: heap }
                  - repeat:  { times: 4, phases: [ { touch: { region: heap, pattern: random, writes: 70%, count: 400 } } ] }
            expect: [ pagingFiles.pagesOutput > 100, hardFaults > 100, devices.failed(disk) == 0, systemPtes.peak == 0 ]
            """;

        Judge(Runs.Of(Runs.Small(Writers, Tight, seed)));
    }

    [Fact]
    public void AProcessThatIsEndedWaitsForItsRequests()
    {
        string killed = Reader.Replace("lingers: true", "lingers: false", StringComparison.Ordinal) + "\n" + """
            faults: [ { at: 2500us, inject: kill-process, process: 0 }, { at: 3200us, inject: kill-process, process: 1 } ]
            expect: [ devices.requests(camera) > 0, devices.requests(camera) < 80, systemPtes.used == 0, pages.transition == 0 ]

            """;

        Judge(Runs.Of(Runs.Small(killed, Machine)));
    }

    [Fact]
    public void BuffersMayLieAnywhereInAPageAndBeTooLong()
    {
        RunSummary run = Runs.Of(Runs.Small("""
              p:
                lingers: true
                phases:
                  - reserve:     { name: buffer, size: 128KiB }
                  - readDevice:  { device: camera, region: buffer }
                  - commit:      { region: buffer }
                  - writeDevice: { device: camera, region: buffer, size: 64KiB }
                  - protect:     { region: buffer, size: 1 page, protect: readonly }
                  - readDevice:  { device: camera, region: buffer }
                  - readDevice:  { device: camera, region: buffer, offset: 64KiB, size: 64KiB }
            expect: [ devices.requests(camera) == 2, devices.failed(camera) == 0, facts(DeviceRequestEnded) == 4, "word(p,0x100010000) == 2", "word(p,0x10001f000) == 2" ]
            """, Machine));

        Judge(run);
    }

    [Fact]
    public void GoingBackAndForthIsTheSamePlace()
    {
        using var timeline = new RerunTimeline(Runs.Named("driver-mdl"), memory: 4 << 20);
        var known = new Dictionary<long, string>();
        foreach (long place in (long[])[9_000, 3_000, 9_000, 12_345, 2_999, 9_000, 12_345, 3_000])
        {
            timeline.Seek(place);
            string state = Places.Describe(timeline.Machine);
            known.TryAdd(place, state);
            state.ShouldBe(known[place], $"at delivery {place}");
        }
    }

    [Fact]
    public void TheViewShowsStacksAndTheirPackets()
    {
        using var timeline = new RerunTimeline(Runs.Named("driver-mdl"));
        bool mapped = false;
        bool paging = false;
        for (long place = 2_000; place <= 12_000; place += 250)
        {
            timeline.Seek(place);
            JsonElement view = Devices(timeline);
            view.GetProperty("stacks").EnumerateArray().Select(row => row.GetProperty("node").GetString()).ShouldBe(
            [
                "camera/class", "camera/filter1", "camera/port", "printer/class", "printer/port", "disk/class", "disk/filter1", "disk/filter2", "disk/port",
            ]);
            JsonElement[] packets = [.. view.GetProperty("packets").EnumerateArray()];
            packets.Length.ShouldBe(view.GetProperty("stacks").EnumerateArray().Sum(row => row.GetProperty("packets").GetInt32()));
            foreach (JsonElement packet in packets)
            {
                mapped |= packet.GetProperty("systemAddress").ValueKind == JsonValueKind.String && packet.GetProperty("frames").GetString()!.Split(' ').Length == 16;
                paging |= packet.GetProperty("buffers").GetString() is "paging";
            }
        }

        mapped.ShouldBeTrue("some packet's 16 pages are mapped");
        paging.ShouldBeTrue("some packet is the paging file's");
    }

    private static void Judge(RunSummary run)
    {
        run.End.ShouldBe(RunEnd.Finished);
        run.Violations.ShouldBeEmpty();
        run.Expectations.Where(expectation => !expectation.Held).Select(expectation => $"{expectation.Text}: {expectation.Found}").ShouldBeEmpty();
    }

    private static JsonElement Devices(RerunTimeline timeline)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            MachineView.Find("devices")!.Draw(Sight.Of(timeline), []).WriteFields(json);
            json.WriteEndObject();
        }

        return JsonDocument.Parse(Encoding.UTF8.GetString(stream.ToArray())).RootElement;
    }

    /// <summary>What becomes of frames while they are locked.</summary>
    private sealed class LockWatch : IFactListener
    {
        private readonly Dictionary<Pfn, int> _locks = [];

        public int LeftItsPage { get; private set; }

        public int MovedOn { get; private set; }

        public void Heard(in TurnStamp turn, ReadOnlySpan<Fact> facts)
        {
            foreach (ref readonly Fact fact in facts)
            {
                if (fact.TryRead(out FrameLocked locked))
                {
                    _locks[locked.Pfn] = _locks.GetValueOrDefault(locked.Pfn) + locked.Change;
                }
                else if (fact.TryRead(out FrameMoved moved) && _locks.GetValueOrDefault(moved.Pfn) > 0)
                {
                    LeftItsPage += moved.To == PageLocation.Transition ? 1 : 0;
                    MovedOn += moved.To is PageLocation.Transition or PageLocation.Active ? 0 : 1;
                }
            }
        }
    }
}
