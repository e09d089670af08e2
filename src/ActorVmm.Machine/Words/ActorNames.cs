using System.Globalization;
using ActorVmm.Actors;
using ActorVmm.Kernel;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Words;

/// <summary>
/// What the actors of one machine are called: the cast by what it is, a process by its plan's name and its serial number, such as
/// <c>editor-1#4</c>. It hears of births, because a host forgets an actor that has stopped.
/// </summary>
public sealed class ActorNames : IActorNames, ITurnListener
{
    private readonly Dictionary<int, string> _names = new() { [0] = "outside" };
    private IInspectedHost? _host;

    /// <summary>Takes the names of a machine's cast; before the first turn.</summary>
    public void Attach(SimulatedMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        Cast cast = machine.Cast;
        _host = machine.Host as IInspectedHost;
        _names[cast.PfnDatabase.Value] = "PfnDatabase";
        _names[cast.WorkingSetManager.Value] = "WorkingSetManager";
        _names[cast.ModifiedPageWriter.Value] = "ModifiedPageWriter";
        _names[cast.MappedPageWriter.Value] = "MappedPageWriter";
        _names[cast.ZeroPageThread.Value] = "ZeroPageThread";
        _names[cast.SystemSpace.Value] = "SystemSpace";
        _names[cast.Operator.Value] = "Operator";
        foreach ((int index, ActorId file) in cast.PagingFiles.Index())
        {
            _names[file.Value] = "PagingFile" + index.ToString(CultureInfo.InvariantCulture);
        }

        foreach ((int index, ActorId file) in cast.Files.Index())
        {
            _names[file.Value] = OneWord(machine.Plan.Files[index].Name);
        }

        foreach ((int device, Kernel.Devices.DeviceStack stack) in cast.Devices.Index())
        {
            foreach ((int node, ActorId driver) in stack.Nodes.Index())
            {
                _names[driver.Value] = OneWord(machine.Plan.Devices[device].Name) + "/" + machine.Plan.Devices[device].NodeName(node);
            }
        }
    }

    /// <summary>The machine has been taken to another point of its run: takes the names of the processes that had been started by then.</summary>
    public void Resume(SimulatedMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        for (int serial = 0; serial < machine.Operator.Started; serial++)
        {
            if (!_names.ContainsKey(machine.Operator.ProcessAt(serial).Value))
            {
                _names[machine.Operator.ProcessAt(serial).Value] = NameOf(machine.Operator.PlanOf(serial), serial);
            }
        }
    }

    public string NameOf(ActorId id)
    {
        if (!_names.TryGetValue(id.Value, out string? name))
        {
            IActor? actor = _host?.ActorOf(id);
            if (actor is Kernel.Sections.Section section)
            {
                return _names[id.Value] = NameOf(section);
            }

            if (actor is not Process process)
            {
                return FormattableString.Invariant($"actor-{id.Value}");
            }

            name = NameOf(process.Plan, process.Serial);
            _names[id.Value] = name;
        }

        return name;
    }

    public void Taken(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        foreach (ref readonly Outbox.Birth birth in outbox.Births)
        {
            if (birth.Actor is Process process)
            {
                _names[birth.Id.Value] = NameOf(process.Plan, process.Serial);
            }
            else if (birth.Actor is Kernel.Sections.Section section)
            {
                _names[birth.Id.Value] = NameOf(section);
            }
        }
    }

    private static string NameOf(Kernel.Sections.Section section) => FormattableString.Invariant($"Section#{section.Serial}");

    /// <summary>Names of plans are free text; what is written to files is one word.</summary>
    private static string NameOf(ProcessPlan plan, int serial) => FormattableString.Invariant($"{OneWord(plan.Name)}#{serial}");

    private static string OneWord(string name) => string.Concat(name.Select(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) ? '_' : letter));
}
