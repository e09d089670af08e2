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
        Values.OneOf<HostKind>([.. Enum.GetValues<HostKind>().Select(host => (Of(host), host))]);

    public static string Of(HostKind host) => host switch
    {
        HostKind.Deterministic => "deterministic",
        HostKind.Parallel => "parallel",
        HostKind.Akka => "akka",
    };
}
