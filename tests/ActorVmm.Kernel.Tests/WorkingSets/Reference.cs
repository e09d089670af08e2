using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.WorkingSets;

/// <summary>The textbook's replacement policies, on a list.</summary>
internal sealed class Reference(Replacement policy, int frames, int[] pages)
{
    private readonly List<int> _pages = [];
    private readonly HashSet<int> _referenced = [];

    public IReadOnlyList<int> Resident => _pages;

    /// <summary>The access at a position of the string; true: it was a fault.</summary>
    public bool Access(int at)
    {
        int page = pages[at];
        _referenced.Add(page);
        if (_pages.Contains(page))
        {
            if (policy == Replacement.Lru)
            {
                _pages.Remove(page);
                _pages.Add(page);
            }

            return false;
        }

        if (_pages.Count == frames)
        {
            int victim = Victim(at);
            _pages.Remove(victim);
            _referenced.Remove(victim);
        }

        _pages.Add(page);
        return true;
    }

    private int Victim(int at)
    {
        switch (policy)
        {
            case Replacement.Clock:
                while (_referenced.Remove(_pages[0]))
                {
                    _pages.Add(_pages[0]);
                    _pages.RemoveAt(0);
                }

                return _pages[0];
            case Replacement.Opt:
                return _pages.MaxBy(page => Array.IndexOf(pages, page, at) is var next && next < 0 ? int.MaxValue : next);
            case Replacement.Windows or Replacement.Fifo or Replacement.Lru:
            default:
                return _pages[0];
        }
    }
}
