namespace ActorVmm.Explorer.Dpor;

/// <summary>A delivery that is remembered apart from the execution in which it happened.</summary>
internal struct Step
{
    /// <summary>The message.</summary>
    public MessageName Name;

    /// <summary>Whose turn it is.</summary>
    public ulong Receiver;

    /// <summary>Timers share one budget, so the firing of one bears on every other.</summary>
    public bool IsTimer;

    /// <summary>To whom the turn sends, where that orders arrivals; otherwise null.</summary>
    public ulong[]? SendsTo;

    /// <summary>The answers that the turn was given; null when it asked for none, or when all answers are meant.</summary>
    public Choice[]? Answers;

    /// <summary>It stands for the message with every answer.</summary>
    public bool All;

    /// <summary>Whether the order of two turns makes a difference, neither having caused the other.</summary>
    public static bool Conflict(in Step a, in Step b) =>
        a.Receiver == b.Receiver
        || (a.IsTimer && b.IsTimer)
        || (a.SendsTo is { Length: > 0 } && b.SendsTo is { Length: > 0 } && a.SendsTo.AsSpan().IndexOfAny(b.SendsTo) >= 0);

    public readonly bool HasAnswers(ReadOnlySpan<Choice> answers) => Answers is null ? answers.IsEmpty : answers.SequenceEqual(Answers);
}
