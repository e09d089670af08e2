using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Machine;

/// <summary>Hears the operator say that everything the scenario asked for has happened.</summary>
internal sealed class EndListener : IOutsideListener
{
    public bool ScenarioEnded { get; private set; }

    public void Left(in Delivery delivery) => ScenarioEnded |= delivery.Kind == Protocol.ScenarioEnded.Kind;

    public void Resume(bool ended) => ScenarioEnded = ended;
}
