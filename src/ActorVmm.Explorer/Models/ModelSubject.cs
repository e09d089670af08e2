using System.Security.Cryptography;
using System.Text;
using ActorVmm.Machine;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Explorer.Models;

/// <summary>A counted model with its parameters, ready to be explored.</summary>
public sealed class ModelSubject(ModelSettings settings) : ISubject
{
    /// <summary>Frames of the machine to be a guest on, and pages of its paging file; nobody uses them.</summary>
    private const uint IdlePages = 256;

    public string Name => "race:" + settings.Model.Name;

    public string Command => Name + settings.Flags();

    public ModelSettings Settings => settings;

    public SubjectMachine Build(SteppedOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ModelJudge judge = new(settings.Model, settings.Model.Watch(settings));
        SteppedHost host = new(options with { FactListeners = [.. options.FactListeners, judge] });
        IReadOnlyList<Guest> guests = Guests();
        MachineBuilder.Settle(host, guests);
        return new SubjectMachine(host, judge) { NameOf = id => id.Value > 0 && id.Value <= guests.Count ? guests[id.Value - 1].Name : id.ToString() };
    }

    /// <summary>The model as a scenario: its actors are guests on a machine that has nothing to do.</summary>
    /// <param name="seed">Of the draws.</param>
    public Scenario Scenario(ulong seed) => new()
    {
        Name = Name,
        Path = Command,
        Sha256 = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Command))),
        Seed = seed,
        Machine = new MachinePlan(IdlePages) { PagingFiles = [new PagingFilePlan(IdlePages)] },
        Operator = new OperatorPlan(),
        Guests = Guests,
    };

    private IReadOnlyList<Guest> Guests()
    {
        ModelStage stage = new();
        settings.Model.Build(stage, settings);
        return stage.Guests;
    }
}
