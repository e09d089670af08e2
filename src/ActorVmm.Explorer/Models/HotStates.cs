namespace ActorVmm.Explorer.Models;

/// <summary>
/// Liveness: a specification calls a state hot that must not last, such as a thread's waiting. It is broken by a state that is
/// still hot when an execution ends (a deadlock, or one that was ended because it was too long), and by one that has been hot for
/// more turns than it may; that is looked at with every fact.
/// </summary>
/// <param name="mostTurns">How many turns a state may be hot.</param>
internal sealed class HotStates(long mostTurns)
{
    private readonly List<(HotBegan State, long Since)> _hot = [];

    public void Begin() => _hot.Clear();

    /// <summary>Notes what begins and ends.</summary>
    /// <returns>Whether the fact was one of the two.</returns>
    public bool Heard(in Fact fact, long turn)
    {
        if (fact.TryRead(out HotBegan began))
        {
            _hot.Add((began, turn));
            return true;
        }

        if (fact.TryRead(out HotEnded ended))
        {
            _hot.RemoveAll(hot => hot.State.Who == ended.Who);
            return true;
        }

        return false;
    }

    /// <summary>Which way the promise is broken by a state that has been hot for too long; null when none has.</summary>
    public int? Overdue(long turn) => _hot.Count > 0 && turn - _hot[0].Since > mostTurns ? _hot[0].State.Which : null;

    /// <summary>Which way the promise is broken by a state that is hot at the end; null when none is.</summary>
    public int? AtEnd() => _hot.Count > 0 ? _hot[0].State.Which : null;
}
