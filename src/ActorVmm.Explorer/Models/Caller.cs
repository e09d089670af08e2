namespace ActorVmm.Explorer.Models;

/// <summary>Says one word to one actor, once or several times, when it hears its start message; hears answers without doing anything.</summary>
internal sealed class Caller<T>(ActorId to, T word, int times = 1) : IActor
    where T : unmanaged, IMessage
{
    public void Receive(in Delivery delivery, Outbox outbox)
    {
        if (delivery.Kind != Start.Kind)
        {
            return;
        }

        for (int time = 0; time < times; time++)
        {
            outbox.Send(to, in word);
        }
    }

    public void Encode(StateCodec codec)
    {
    }
}
