namespace ActorVmm.Journal.Campaigns;

/// <summary>Who holds leases: being there ends with the process or its connection, however these end, and without a clock.</summary>
internal interface IHolders : IDisposable
{
    /// <summary>This holder's name, which no other ever has.</summary>
    string Self { get; }

    /// <summary>Whether another holder is gone, so that his leases are anybody's.</summary>
    bool IsGone(string holder);
}
