using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Traces;

/// <summary>
/// The sections that traces map by name: those of a scenario, and others that are made because a trace names them, backed by paging files and
/// as long as the furthest view of them reaches. A long trace is read by several threads at once, which find what the first reading found.
/// </summary>
public sealed class TraceSections
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, uint> _numbers = new(StringComparer.Ordinal);
    private readonly List<SectionPlan> _found = [];

    /// <param name="known">Sections that there are, whoever maps them, in the order of their numbers.</param>
    public TraceSections(IReadOnlyList<SectionPlan> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        Known = known;
        foreach (SectionPlan section in known)
        {
            _numbers.Add(section.Name, (uint)_numbers.Count + 1);
        }
    }

    /// <summary>Sections that were there before any trace was read.</summary>
    public IReadOnlyList<SectionPlan> Known { get; }

    /// <summary>All sections, in the order of their numbers.</summary>
    public IReadOnlyList<SectionPlan> Plans
    {
        get
        {
            lock (_lock)
            {
                return [.. Known, .. _found];
            }
        }
    }

    /// <summary>The number of a section of which a view reaches so far; 0 when there are too many to tell apart.</summary>
    /// <param name="name">What the trace calls it.</param>
    /// <param name="pages">How many pages it has at least.</param>
    public uint Find(string name, ulong pages)
    {
        lock (_lock)
        {
            if (!_numbers.TryGetValue(name, out uint number))
            {
                if ((uint)_numbers.Count == ViewOperation.MostSections)
                {
                    return 0;
                }

                number = (uint)_numbers.Count + 1;
                _numbers.Add(name, number);
                _found.Add(new SectionPlan(name, pages));
            }

            int place = (int)number - 1 - Known.Count;
            if (place >= 0 && _found[place].Pages < pages)
            {
                _found[place] = new SectionPlan(name, pages);
            }

            return number;
        }
    }
}
