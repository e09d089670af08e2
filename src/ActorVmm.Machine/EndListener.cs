using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Runtime;

namespace ActorVmm.Machine;

/// <summary>Hears the operator say that everything the scenario asked for has happened.</summary>
/// <param name="asker">Who talks to the machine from outside, and hears its answers; null for nobody.</param>
internal sealed class EndListener(IOutsideListener? asker = null) : IOutsideListener
{
    public bool ScenarioEnded { get; private set; }

    public void Left(in Delivery delivery)
    {
        ScenarioEnded |= delivery.Kind == Protocol.ScenarioEnded.Kind;
        asker?.Left(delivery);
    }

    public void Resume(bool ended) => ScenarioEnded = ended;
}
