using System.Globalization;

namespace ActorVmm.Specifications.Judging;

/// <summary>A broken promise: which, when, and in plain words with numbers what was found and what should have been.</summary>
/// <param name="Specification">The name of the promise.</param>
/// <param name="Turn">Whose turn broke it, when, and which turn of the run that was; default at quiescence.</param>
/// <param name="Words">What is wrong.</param>
/// <param name="Fact">The fact that broke it, or the last one of the turn when the turn as a whole did; null at quiescence.</param>
/// <param name="FactText">The fact for people.</param>
public sealed record Violation(string Specification, TurnStamp Turn, string Words, Fact? Fact, string FactText)
{
    public override string ToString() =>
        Fact is null
            ? string.Create(CultureInfo.InvariantCulture, $"{Specification}: at quiescence: {Words}")
            : string.Create(CultureInfo.InvariantCulture, $"{Specification}: turn {Turn.Number}, {Turn.Now}, {Turn.Actor}: {Words} [{FactText}]");
}

/// <summary>
/// A situation that must occur somewhere for a promise to mean anything: a check that never saw its situation is a failed check.
/// </summary>
public sealed class Situation(string specification, string name)
{
    public string Specification { get; } = specification;

    public string Name { get; } = name;

    /// <summary>How often it has occurred.</summary>
    public long Count { get; private set; }

    public void Seen() => Count++;

    public void SeenIf(bool condition)
    {
        if (condition)
        {
            Count++;
        }
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Count} × {Name} ({Specification})");
}
