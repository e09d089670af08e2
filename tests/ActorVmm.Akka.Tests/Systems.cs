using Akka.Actor;

namespace ActorVmm.Akka.Tests;

/// <summary>One actor system for all hosts of these tests: making one takes longer than most tests.</summary>
internal static class Systems
{
    private static readonly Lazy<ActorSystem> _shared = new(() => ActorSystem.Create("tests", HostConfiguration.Reference));
    private static int _machines;

    public static ActorSystem Shared => _shared.Value;

    /// <summary>A machine of its own in the shared system.</summary>
    public static AkkaHost Host(AkkaHostOptions options) =>
        new(Shared, options with { Name = FormattableString.Invariant($"machine-{Interlocked.Increment(ref _machines)}") });
}
