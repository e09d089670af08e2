namespace ActorVmm.Akka.Campaigns;

/// <summary>A node may not take part in a campaign.</summary>
public sealed class NodeRefusedException(string kernel, string message) : Exception(message)
{
    /// <summary>The campaign's build.</summary>
    public string Kernel { get; } = kernel;
}
