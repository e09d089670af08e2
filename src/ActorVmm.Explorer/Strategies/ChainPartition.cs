namespace ActorVmm.Explorer.Strategies;

/// <summary>
/// Divides messages into chains as they are sent, each chain ordered by happens-before (Agarwal and Garg, PODC 2005): with messages
/// of which at most w are unordered, at most w·(w+1)/2 chains, without knowing what is still to come.
/// </summary>
internal sealed class ChainPartition
{
    private readonly List<List<int>> _groups = [];
    private readonly List<int> _latest = [];

    /// <summary>Chains so far.</summary>
    public int Count => _latest.Count;

    public void Clear()
    {
        _groups.Clear();
        _latest.Clear();
    }

    /// <summary>The chain of a new message, one that no message so far happened after.</summary>
    /// <param name="message">Its number.</param>
    /// <param name="isBefore">Whether an earlier message happened before it.</param>
    public int Add(int message, Func<int, bool> isBefore)
    {
        for (int group = 0; group < _groups.Count; group++)
        {
            foreach (int chain in _groups[group])
            {
                if (_latest[chain] < 0 || isBefore(_latest[chain]))
                {
                    Put(message, chain, group);
                    return chain;
                }
            }
        }

        List<int> added = [];
        _groups.Add(added);
        for (int i = 0; i < _groups.Count; i++)
        {
            added.Add(_latest.Count);
            _latest.Add(-1);
        }

        int first = added[0];
        Put(message, first, _groups.Count - 1);
        return first;
    }

    /// <summary>The chain takes the message, and its group's other chains change places with the group below, which has one chain fewer.</summary>
    private void Put(int message, int chain, int group)
    {
        _latest[chain] = message;
        if (group > 0)
        {
            List<int> others = _groups[group];
            others.Remove(chain);
            List<int> below = _groups[group - 1];
            _groups[group - 1] = others;
            below.Add(chain);
            _groups[group] = below;
        }
    }
}
