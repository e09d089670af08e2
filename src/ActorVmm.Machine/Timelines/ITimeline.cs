using ActorVmm.Actors;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Timelines;

/// <summary>
/// A run that one can stand in: at delivery N, which is the state of the machine after its N-th turn, 0 being before anything has
/// happened. What is asked for after a turn is under way until the turn's cost has passed.
/// </summary>
public interface ITimeline : IDisposable
{
    /// <summary>The machine as it is here. The same object everywhere; what is read from it holds until the next seek.</summary>
    SimulatedMachine Machine { get; }

    /// <summary>What its actors are called, those that have stopped included.</summary>
    Words.IActorNames Names { get; }

    /// <summary>Which delivery one stands at.</summary>
    long Position { get; }

    /// <summary>How many deliveries there are; null until the end has been reached.</summary>
    long? Length { get; }

    /// <summary>The turn that led here; null at 0, and where a bug check stopped the machine.</summary>
    TimelineTurn? Turn { get; }

    /// <summary>What stopped the machine, when one stands where a turn did.</summary>
    MachineStoppedException? Stop { get; }

    /// <summary>Goes to a delivery, or to the end when there are fewer.</summary>
    void Seek(long delivery, CancellationToken cancel = default);

    /// <summary>Goes to the last delivery at or before a virtual time.</summary>
    void SeekTime(Ticks time, CancellationToken cancel = default);

    /// <summary>Goes to the next turn that a filter lets through; stays, and says false, when there is none.</summary>
    bool SeekNext(TurnFilter filter, CancellationToken cancel = default);

    /// <summary>Goes to the previous turn that a filter lets through; stays, and says false, when there is none.</summary>
    bool SeekPrevious(TurnFilter filter, CancellationToken cancel = default);
}

/// <summary>Whether a turn is one that is looked for.</summary>
/// <param name="turn">Whose, when, and which.</param>
/// <param name="delivery">What it heard.</param>
/// <param name="facts">What it established.</param>
public delegate bool TurnFilter(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Fact> facts);

/// <summary>One turn: who heard what, what was established, and what was asked for. A copy, to be kept.</summary>
/// <param name="Stamp">Who, when, and which.</param>
/// <param name="Heard">The message, its sender and the sender's count.</param>
/// <param name="Choices">Answers it was given, in order.</param>
/// <param name="Facts">What it established, in order.</param>
/// <param name="Asked">What it sent, in order.</param>
/// <param name="Timers">Timers it started.</param>
/// <param name="Born">Actors it created.</param>
/// <param name="Spent">What it cost.</param>
public sealed record TimelineTurn(
    TurnStamp Stamp, Delivery Heard, IReadOnlyList<Choice> Choices, IReadOnlyList<Fact> Facts, IReadOnlyList<Outbox.Sent> Asked,
    IReadOnlyList<Outbox.TimerStart> Timers, IReadOnlyList<ActorId> Born, Ticks Spent)
{
    public long Number => Stamp.Number;

    public static TimelineTurn Of(in TurnStamp turn, in Delivery delivery, ReadOnlySpan<Choice> choices, Outbox outbox)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        var born = new List<ActorId>();
        foreach (ref readonly Outbox.Birth birth in outbox.Births)
        {
            born.Add(birth.Id);
        }

        return new TimelineTurn(
            turn, delivery, choices.ToArray(), outbox.Facts.ToArray(), outbox.SentMessages.ToArray(), outbox.TimerStarts.ToArray(), born, outbox.Spent);
    }
}
