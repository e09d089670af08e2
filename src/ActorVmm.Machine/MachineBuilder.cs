using ActorVmm.Actors;
using ActorVmm.Kernel;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Devices;
using ActorVmm.Kernel.Files;
using ActorVmm.Kernel.Frames;
using ActorVmm.Kernel.Operators;
using ActorVmm.Kernel.PagingFiles;
using ActorVmm.Kernel.SystemSpaces;
using ActorVmm.Kernel.WorkingSets;
using ActorVmm.Kernel.Writers;
using ActorVmm.Kernel.ZeroPages;
using ActorVmm.Protocol;
using ActorVmm.Runtime;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Machine;

/// <summary>
/// Puts a machine together: memory, then the cast in a fixed order, so that everyone's id is known before anyone exists; at the
/// end the operator is told to start.
/// </summary>
public static class MachineBuilder
{
    /// <param name="scenario">The machine and what happens on it.</param>
    /// <param name="listeners">Who hears the facts.</param>
    /// <param name="hostOf">Where the actors run; the deterministic host when left out.</param>
    /// <param name="asker">Hears what leaves the machine; null for nobody.</param>
    public static SimulatedMachine Build(Scenario scenario, IReadOnlyList<IFactListener> listeners, Func<HostOptions, IHost>? hostOf = null, IOutsideListener? asker = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        MachinePlan plan = scenario.Machine;
        var end = new EndListener(asker);
        var options = new HostOptions { Processors = plan.Processors, Seed = scenario.Seed, FactListeners = listeners, Outside = end };
        IHost host = hostOf?.Invoke(options) ?? new DeterministicHost(options);
        Cast cast = CastOf(plan) with { Rules = KernelRules.Without(plan.Policy.Without) };
        var contents = new Contents(plan.Frames, PfnDatabase.RowsFor(plan), IrpTable.PacketsFor(plan));
        var environment = new ProcessEnvironment(cast, contents, plan.Policy, plan.Costs) { Platform = plan.Platform, System = plan.System, Devices = plan.Devices };
        var processes = new ProcessFactory(environment);

        var frames = new PfnDatabase(plan, cast, contents);
        Create(host, frames, Cast.PfnLock, cast.PfnDatabase);
        Create(host, new WorkingSetManager(plan, cast), Cast.Manager, cast.WorkingSetManager);
        Create(host, new ModifiedPageWriter(plan, cast), Cast.Writer, cast.ModifiedPageWriter);
        Create(host, new ZeroPageThread(plan, cast, contents), Cast.Zeroing, cast.ZeroPageThread);
        var sections = new SectionFactory(environment);
        var space = new SystemSpace(plan, cast) { Factory = sections };
        Create(host, space, Cast.PfnLock, cast.SystemSpace);
        var person = new Operator(scenario.Operator, cast, processes);
        Create(host, person, Cast.Person, cast.Operator);
        PagingFile[] files = [.. plan.PagingFiles.Select((_, index) => new PagingFile(index, plan, contents, DeviceOf(index, plan, cast)))];
        foreach ((int index, PagingFile file) in files.Index())
        {
            Create(host, file, Role.Device, cast.PagingFiles[index]);
        }

        DataFile[] data = [.. plan.Files.Select((file, index) => new DataFile(index, file, plan, contents, sections))];
        foreach ((int index, DataFile file) in data.Index())
        {
            Create(host, file, Role.Device, cast.Files[index]);
        }

        Create(host, new MappedPageWriter(plan, cast), Cast.Writer, cast.MappedPageWriter);
        DeviceDriver[][] stacks = [.. cast.Devices.Select((stack, device) => stack.Nodes.Select((_, node) => new DeviceDriver(device, node, plan, cast, contents)).ToArray())];
        foreach ((int device, DeviceDriver[] drivers) in stacks.Index())
        {
            foreach ((int node, DeviceDriver driver) in drivers.Index())
            {
                Create(host, driver, Cast.Driver, cast.Devices[device].Nodes[node]);
            }
        }

        host.Inject(cast.Operator, new StartScenario());
        return new SimulatedMachine(plan, host, contents, cast, processes, sections, end)
        {
            Files = data,
            Seed = scenario.Seed,
            PfnDatabase = frames,
            SystemSpace = space,
            Operator = person,
            PagingFiles = files,
            Devices = [.. stacks.Select(drivers => drivers[0])],
        };
    }

    private static Cast CastOf(MachinePlan plan)
    {
        int next = 1;
        ActorId Next() => new(next++);
        ActorId[] Several(int count) => [.. Enumerable.Range(0, count).Select(_ => Next())];
        var cast = new Cast(Next(), Next(), Next(), Next(), Next(), Next(), Several(plan.PagingFiles.Count))
        {
            Files = Several(plan.Files.Count),
            MappedPageWriter = Next(),
            Devices = DeviceStack.Of(plan, next),
        };
        return cast with { Interrupted = [.. cast.Devices.Where(stack => stack.PagingPackets == 0).Select(stack => stack.Top)] };
    }

    /// <summary>The driver that a paging file's transfers go through; outside when its device has none.</summary>
    private static ActorId DeviceOf(int file, MachinePlan plan, Cast cast) => plan.PagingFiles[file].Device is > 0 and int device ? cast.Devices[device - 1].Top : default;

    private static void Create(IHost host, IActor actor, Role role, ActorId expected)
    {
        ActorId id = host.Create(actor, role);
        Invariant.Holds(id == expected, "actors get the ids that the cast was written with");
    }
}
