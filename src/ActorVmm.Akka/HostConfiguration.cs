using Akka.Configuration;

namespace ActorVmm.Akka;

/// <summary>How the host's actors are dispatched: the defaults are in the embedded <c>reference.conf</c>, and <see cref="Overrides"/> lie on top.</summary>
public static class HostConfiguration
{
    /// <summary>Every default of ours; Akka's own lie below.</summary>
    public static Config Reference { get; } = ConfigurationFactory.FromResource("reference.conf", typeof(HostConfiguration).Assembly);
}
