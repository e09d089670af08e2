namespace ActorVmm.Runtime;

/// <summary>Where an actor asks to be told which way to go.</summary>
/// <param name="Actor">Who asks.</param>
/// <param name="Identity">Who that is on every host.</param>
/// <param name="Turn">In which of its turns, from 1.</param>
/// <param name="Index">Its how-manieth question in that turn, from 0.</param>
/// <param name="Alternatives">The answer is from 0 to this − 1; at least 2.</param>
public readonly record struct ChoicePoint(ActorId Actor, ActorIdentity Identity, long Turn, int Index, int Alternatives);

/// <summary>Answers <see cref="Outbox.Choose"/>.</summary>
public interface IChooser
{
    int Choose(in ChoicePoint point);
}

/// <summary>
/// Answers from the run's seed, the chooser's identity and how far it has come: the same on every schedule that lets the
/// actor get there in the same number of turns.
/// </summary>
public sealed class SeededChooser(ulong seed) : IChooser
{
    public int Choose(in ChoicePoint point)
    {
        ulong bits = Mix.Fold(Mix.Fold(Mix.Spread(~seed), point.Identity.Value), unchecked((ulong)point.Turn));
        bits = Mix.Spread(bits ^ (ulong)(uint)point.Index);
        return unchecked((int)Math.BigMul(bits, (ulong)(uint)point.Alternatives, out _));
    }
}

/// <summary>An actor's answer to a branch, as it is recorded.</summary>
public readonly record struct Choice(int Alternatives, int Answer);
