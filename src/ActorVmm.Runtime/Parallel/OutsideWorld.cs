namespace ActorVmm.Runtime.Parallel;

/// <summary>The creator of the starting actors, and the sender of what comes from outside.</summary>
internal sealed class OutsideWorld
{
    private int _children;
    private int _sent;

    /// <summary>Starting actors that exist.</summary>
    public int Children => _children;

    public ActorIdentity NextChild() => ActorIdentity.Outside.Child(_children++);

    public void Inject(Core[] cores, Homes homes, ActorId to, in Message message)
    {
        int home = homes[to];
        if (to.IsOutside || home == Homes.Nobody)
        {
            throw new InvalidOperationException(
                FormattableString.Invariant($"{ActorId.Outside} sent message kind {message.Kind} to {to}, which nobody has created"));
        }

        cores[home].Actors.Admit(to);
        cores[home].Inject(unchecked(++_sent), to, in message);
    }

    public void Encode(StateCodec codec)
    {
        codec.Field("children", ref _children);
        codec.Field("sent", ref _sent);
    }
}
