using System.Runtime.CompilerServices;
using ActorVmm.Actors;
using ActorVmm.Runtime;

namespace ActorVmm.Akka.Tests;

/// <summary>Hosts whose actors fail: all of them, from the first to those that are born while the machine runs, are given to somebody who may make them throw.</summary>
internal sealed class FailingHost(IHost inner, Fault fault) : IHost
{
    public Ticks Now => inner.Now;

    public HostStatistics Statistics => inner.Statistics;

    public ActorId Create(IActor actor, Role role) => inner.Create(new Failing(actor, fault), role);

    public void Inject(ActorId to, in Message message) => inner.Inject(to, in message);

    public RunOutcome Run(Ticks? until = null, long? maxTurns = null) => inner.Run(until, maxTurns);

    public Fingerprint Fingerprint(IEncodable? shared = null) => inner.Fingerprint(shared);

    /// <summary>An actor that throws when it has changed its state and asked for everything: the worst moment.</summary>
    private sealed class Failing(IActor inner, Fault fault) : IActor
    {
        public void Receive(in Delivery delivery, Outbox outbox)
        {
            inner.Receive(in delivery, outbox);
            foreach (ref readonly Outbox.Birth birth in outbox.Births)
            {
                ref Outbox.Birth changed = ref Unsafe.AsRef(in birth);
                changed = birth with { Actor = new Failing(birth.Actor, fault) };
            }

            fault.Strike(inner, delivery.Kind);
        }

        public void Encode(StateCodec codec) => inner.Encode(codec);
    }
}

/// <summary>What goes wrong: an actor of a type throws at a message of a kind.</summary>
/// <param name="Actor">The actor's type.</param>
/// <param name="Kind">The message's kind.</param>
/// <param name="Cause">What it throws.</param>
internal sealed record Fault(Type Actor, int Kind, Exception Cause)
{
    public void Strike(IActor actor, int kind)
    {
        if (kind == Kind && actor.GetType() == Actor)
        {
            throw Cause;
        }
    }
}
