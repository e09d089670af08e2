using Akka.Configuration;

namespace ActorVmm.Akka;

/// <summary>How the host's actors are dispatched: defaults from the embedded <c>reference.conf</c>, yours on top.</summary>
public static class HostConfiguration
{
    /// <summary>Every default of ours; Akka's own lie below.</summary>
    public static Config Reference { get; } = ConfigurationFactory.FromResource("reference.conf", typeof(HostConfiguration).Assembly);

    /// <summary>The defaults with overrides in HOCON on top.</summary>
    /// <param name="overrides">What differs; nothing when it is empty.</param>
    public static Config With(string overrides) => ConfigurationFactory.ParseString(overrides).WithFallback(Reference);
}
