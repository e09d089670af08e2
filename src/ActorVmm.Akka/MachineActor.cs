using Akka.Actor;

namespace ActorVmm.Akka;

/// <summary>
/// The machine as Akka sees it: parent and supervisor of all its actors. An actor whose turn threw is not started again: its
/// state is the evidence, and the unit of recovery is the machine. It goes on listening, so that what is in its mailbox is laid
/// by and counted; the conductor has closed the gate, so no turn of any actor follows.
/// </summary>
internal sealed class MachineActor : ReceiveActor
{
    private readonly Conductor _conductor;
    private readonly Desks _desks;

    public MachineActor(Conductor conductor, Desks desks)
    {
        _conductor = conductor;
        _desks = desks;
        Receive<MoveIn>(Admit);
    }

    public static Props Props(Conductor conductor, Desks desks) =>
        global::Akka.Actor.Props.Create(typeof(MachineActor), conductor, desks).Here("actorvmm.dispatchers.system");

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(Decide);

    protected override void PostStop() => _conductor.Break(new InvalidOperationException("its actor system, or its own actor, was stopped"));

    private void Admit(MoveIn request)
    {
        try
        {
            request.Resident.Settle(Context.ActorOf(ActorShell.Props(request.Resident, _conductor, _desks), request.Name));
        }
        catch (Exception cause)
        {
            _conductor.Break(cause);
            throw;
        }
    }

    private Directive Decide(Exception cause)
    {
        if (cause is MachineStoppedException)
        {
            return Directive.Resume;
        }

        _conductor.Break(cause);
        return Directive.Stop;
    }
}
