using ActorVmm.Protocol;

namespace ActorVmm.Journal.Tests.Replaying;

/// <summary>Waits a while, then tells the PFN database what it does not understand: a bug check in the middle of a run.</summary>
internal sealed class Saboteur(Ticks delay, ActorId victim) : IActor
{
    private int _heard;

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        if (_heard++ == 0)
        {
            outbox.StartTimer(delay, new StartScenario());
        }
        else
        {
            outbox.Send(victim, new StartScenario());
        }
    }

    public void Encode(StateCodec codec) => codec.Field("heard", ref _heard);
}
