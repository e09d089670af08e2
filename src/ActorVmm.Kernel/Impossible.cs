namespace ActorVmm.Kernel;

/// <summary>The last arm of every Receive: a message arrived where nobody has a meaning for it.</summary>
internal static class Impossible
{
    public static BugCheckException Message(in Delivery delivery, string where) =>
        new(0, FormattableString.Invariant($"message of kind {delivery.Kind} from {delivery.Sender} cannot arrive at {where}"));
}
