using ActorVmm.Actors;
using ActorVmm.Kernel.Writers;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>
/// What Windows does not have: one thread that writes to paging files and to mapped files. While a file system has it, it hears nothing else.
/// Both writers in it are the real ones.
/// </summary>
internal sealed class OneWriter(MachinePlan plan, Cast cast) : IActor
{
    private readonly ModifiedPageWriter _modified = new(plan, cast);
    private readonly MappedPageWriter _mapped = new(plan, cast);
    private readonly Queue<(ActorId Sender, Message Message)> _unheard = [];
    private MdlId _away = MdlId.None;

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        bool comesBack = delivery.Kind == PagesWritten.Kind && delivery.Read<PagesWritten>().Mdl == _away;
        if (_away != MdlId.None && !comesBack)
        {
            _unheard.Enqueue((delivery.Sender, delivery.Message));
            return;
        }

        Hear(delivery, comesBack, outbox);
        while (_away == MdlId.None && _unheard.TryDequeue(out var next))
        {
            Hear(new Delivery { Message = next.Message, Sender = next.Sender, Now = delivery.Now }, false, outbox);
        }
    }

    public void Encode(StateCodec codec) => throw new NotSupportedException("the state of a defective machine is not kept");

    private void Hear(in Delivery delivery, bool comesBack, Outbox outbox)
    {
        _away = delivery.Kind == MappedTaken.Kind ? delivery.Read<MappedTaken>().Mdl : comesBack ? MdlId.None : _away;
        bool ofFiles = comesBack || delivery.Kind is MappedPagesAvailable.Kind or MappedWriteDue.Kind or MappedTaken.Kind;
        (ofFiles ? (IActor)_mapped : _modified).Receive(delivery, outbox);
    }
}
