namespace ActorVmm.Journal.Events;

/// <summary>One delivery, as the hot path notes it: 24 bytes.</summary>
public record struct DeliveryRow
{
    public int Receiver;
    public int Sender;

    /// <summary>The sender's own count: with the sender, which message it was.</summary>
    public int SenderCount;

    /// <summary>The lowest bits of the receiver's chain after its turn; a batch keeps a few of them.</summary>
    public uint Check;

    /// <summary>Virtual time, in ticks.</summary>
    public long Now;
}

/// <summary>An answer that a turn was given.</summary>
/// <param name="Row">The delivery of that turn, counted in its batch from 0.</param>
/// <param name="Choice">How many alternatives there were, and which it was.</param>
public readonly record struct ChoiceRow(int Row, Choice Choice);

/// <summary>An actor that a turn created.</summary>
/// <param name="Row">The delivery of that turn, counted in its batch from 0.</param>
/// <param name="Id">The actor's id.</param>
public readonly record struct BirthRow(int Row, ActorId Id);

/// <summary>A message that is written out.</summary>
/// <param name="Row">Its delivery, counted in its batch from 0.</param>
/// <param name="Message">The message.</param>
public readonly record struct MessageRow(int Row, Message Message);
