using Akka.Configuration;
using Akka.Persistence.Sql;

namespace ActorVmm.Akka;

/// <summary>How the host's actors are dispatched: the defaults are in the embedded <c>reference.conf</c>, and <see cref="Overrides"/> lie on top.</summary>
public static class HostConfiguration
{
    /// <summary>Every default of ours; Akka's and Akka.Persistence.Sql's own lie below.</summary>
    public static Config Reference { get; } = ConfigurationFactory.FromResource("reference.conf", typeof(HostConfiguration).Assembly);

    /// <summary>Ours with Akka.Persistence.Sql's below.</summary>
    public static Config Defaults { get; } = Reference.WithFallback(SqlPersistence.DefaultConfiguration);
}
