using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;
using ActorVmm.Workloads.Tests.Traces;
using ActorVmm.Workloads.Traces;

namespace ActorVmm.Workloads.Tests.Scenarios;

/// <summary>Devices of a machine, and what becomes of the phases that ask them.</summary>
public sealed class DevicePhaseTests
{
    private const string Start = """
        version: 1
        machine:
          ram: 4MiB
          system: { systemPtes: 8 pages }
          devices:
            camera: { buffers: neither, driver: keeps-address, filters: 2, latency: const(3ms), perPage: 5us, queueDepth: 2, packets: 7, passive: 25%, handlesExceptions: no }
            disk: {}
          pagingFiles: [ { size: 4MiB }, { size: 4MiB, device: disk } ]

        """;

    private const string Idle = "processes: { p: { phases: [ { idle: 1ms } ] } }\n";

    [Fact]
    public void DevicesAreWhatTheFileSays()
    {
        using Scenario scenario = ScenarioText.Load(Start + Idle);

        scenario.Machine.Devices.Select(device => device.Latency.Sample(0)).ShouldBe([3_000_000, 1_000_000]);
        Distribution same = Distribution.Constant(0);
        scenario.Machine.Devices.Select(device => device with { Latency = same }).ShouldBe(
        [
            new DevicePlan("camera")
            {
                Method = BufferMethod.Neither, Conduct = DriverConduct.KeepsAddress, Filters = 2, Latency = same, TicksPerPage = 5_000,
                QueueDepth = 2, Packets = 7, PassiveCompletions = 250, HandlesExceptions = false,
            },
            new DevicePlan("disk") { Latency = same },
        ]);
        scenario.Machine.PagingFiles.Select(file => file.Device).ShouldBe([0, 2]);
        scenario.Machine.System.SystemPtes.ShouldBe(8U);
    }

    [Fact]
    public void ARequestHasItsDeviceAndItsBytes()
    {
        using Scenario scenario = ScenarioText.Load(Start + """
            processes:
              p:
                phases:
                  - reserve: { name: heap, size: 128KiB, address: "0x2000'0000" }
                  - readDevice: { device: disk, region: heap, offset: 64KiB, size: 64KiB, count: 2 }
                  - writeDevice: { device: camera, region: heap }

            """);

        IReadOnlyList<Operation> operations = TraceText.Operations(scenario.Operator.Processes[0].Threads[0]);

        operations.Skip(1).Select(operation => (operation.Kind, operation.Address, operation.Argument)).ShouldBe(
        [
            (OperationKind.ReadDevice, 0x2001_0000UL, 0x10_0000UL | 0x1_0000UL),
            (OperationKind.ReadDevice, 0x2001_0000UL, 0x10_0000UL | 0x1_0000UL),
            (OperationKind.WriteDevice, 0x2000_0000UL, 0x1000UL),
        ]);
    }

    [Theory]
    [InlineData("devices: []", "a list of devices by name")]
    [InlineData("devices: { d: { buffer: direct } }", "did you mean `buffers`?")]
    [InlineData("devices: { d: { buffers: directly } }", "did you mean `direct`?")]
    [InlineData("devices: { d: { driver: keeps-address } }", "`buffers: neither`")]
    [InlineData("devices: { d: { filters: 7 } }", "from 0 to 6")]
    [InlineData("devices: { d: {} }, pagingFiles: [ { size: 4MiB, device: b } ]", "there is no device `b` under `devices`")]
    [InlineData("devices: { d: { buffers: neither } }, pagingFiles: [ { size: 4MiB, device: d } ]", "`buffers: direct`")]
    public void WhatIsNoDeviceIsRefused(string machine, string because) =>
        Should.Throw<InputException>(() => ScenarioText.Load("version: 1\nmachine: { ram: 4MiB, " + machine + " }\n" + Idle)).Message.ShouldContain(because);

    [Theory]
    [InlineData("{ readDevice: { device: printer, region: heap } }", "there is no device `printer` under `devices`")]
    [InlineData("{ readDevice: { device: disk, region: heap, size: 65 KiB } }", "from 1 to 16 pages")]
    [InlineData("{ readDevice: { device: disk, region: stack } }", "no phase before this one reserves a region")]
    [InlineData("{ readDevice: { region: heap } }", "needs `device`")]
    [InlineData("{ map: { section: cache, name: view } }, { readDevice: { device: disk, region: view } }", "not a view of a section")]
    public void WhatIsNoRequestIsRefused(string phase, string because) =>
        Should.Throw<InputException>(() => ScenarioText.Load(
            Start + "sections: { cache: { size: 1 pages } }\nprocesses: { p: { phases: [ { reserve: { name: heap, size: 128KiB } }, " + phase + " ] } }\n")).Message.ShouldContain(because);

    [Fact]
    public void TheSystemAsksNoDevice() =>
        Should.Throw<InputException>(() => ScenarioText.Load(Start + "processes: { p: { system: true, phases: [ { readDevice: { device: disk, region: heap } } ] } }\n"))
            .Message.ShouldContain("a process of the system has no user memory");
}
