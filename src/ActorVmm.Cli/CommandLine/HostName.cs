namespace ActorVmm.Cli.CommandLine;

/// <summary>Where actors run.</summary>
internal enum HostKind
{
    Deterministic,
    Parallel,
    Akka,
}

/// <summary>How <see cref="HostKind"/>s are called.</summary>
internal static class HostName
{
    public static readonly Func<string, HostKind> Read =
        Values.OneOf<HostKind>([("deterministic", HostKind.Deterministic), ("parallel", HostKind.Parallel), ("akka", HostKind.Akka)]);
}
