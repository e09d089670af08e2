using System.Globalization;
using ActorVmm.Actors;
using ActorVmm.Kernel;
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
        _names[cast.ZeroPageThread.Value] = "ZeroPageThread";
        _names[cast.SystemSpace.Value] = "SystemSpace";
        _names[cast.Operator.Value] = "Operator";
        foreach ((int index, ActorId file) in cast.PagingFiles.Index())
        {
            _names[file.Value] = "PagingFile" + index.ToString(CultureInfo.InvariantCulture);
        }
    }

    public string NameOf(ActorId id)
    {
        if (!_names.TryGetValue(id.Value, out string? name))
        {
            if (_host?.ActorOf(id) is not Process process)
            {
                return FormattableString.Invariant($"actor-{id.Value}");
            }

            name = NameOf(process);
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
                _names[birth.Id.Value] = NameOf(process);
            }
        }
    }

    /// <summary>Names of plans are free text; what is written to files is one word.</summary>
    private static string NameOf(Process process)
    {
        string name = string.Concat(process.Plan.Name.Select(letter => char.IsWhiteSpace(letter) || char.IsControl(letter) ? '_' : letter));
        return FormattableString.Invariant($"{name}#{process.Serial}");
    }
}
