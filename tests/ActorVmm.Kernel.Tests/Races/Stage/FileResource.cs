using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>
/// A file system that has whoever writes pages of a file acquire the file first, as ordinary I/O does (fact book §19, FsRtl callback): while a
/// transfer is under way, no page is written. The file behind it is the real one.
/// </summary>
internal sealed class FileResource(IActor file) : IActor
{
    private readonly Queue<(ActorId Sender, Message Message)> _waiting = [];
    private int _transfers;

    public void Receive(in Delivery delivery, Outbox outbox)
    {
        if (delivery.Kind == WriteFilePages.Kind && _transfers > 0)
        {
            _waiting.Enqueue((delivery.Sender, delivery.Message));
            return;
        }

        _transfers += delivery.Kind == TransferFile.Kind ? 1 : 0;
        file.Receive(delivery, outbox);
        foreach (ref readonly var sent in outbox.SentMessages)
        {
            _transfers -= sent.Message.Kind == FileReturned.Kind && _transfers > 0 ? 1 : 0;
        }

        while (_transfers == 0 && _waiting.TryDequeue(out var write))
        {
            file.Receive(new Delivery { Message = write.Message, Sender = write.Sender, Now = delivery.Now }, outbox);
        }
    }

    public void Encode(StateCodec codec) => file.Encode(codec);
}
