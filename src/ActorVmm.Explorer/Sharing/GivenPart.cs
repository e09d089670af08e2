using ActorVmm.Explorer.Exploring;

namespace ActorVmm.Explorer.Sharing;

/// <summary>A part that somebody works on, or is to.</summary>
/// <param name="part">As it stands.</param>
/// <param name="place">The last place on its path that belongs to the search; null for a whole search.</param>
/// <param name="unsettled">What has been counted since it was told whole.</param>
internal sealed class GivenPart(SearchPart part, SearchPlace? place, Tally unsettled)
{
    /// <summary>From where another could go on.</summary>
    public SearchPart Part { get; set; } = part;

    public SearchPlace? Place { get; set; } = place;

    /// <summary>What is taken at the place.</summary>
    public Branch Branch { get; set; }

    public Tally Unsettled { get; set; } = unsettled;

    /// <summary>The part of it that is behind us, from 0 to 1.</summary>
    public double Progress { get; set; }
}
