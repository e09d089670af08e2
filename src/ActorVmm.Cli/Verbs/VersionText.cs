using System.Reflection;

namespace ActorVmm.Cli.Verbs;

/// <summary>Which version this is.</summary>
internal static class VersionText
{
    /// <summary>For example 0.1.0; without the commit that the SDK appends.</summary>
    public static string Number { get; } =
        (typeof(VersionText).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0").Split('+')[0];

    public static string Line { get; } = $"actorvmm {Number} (.NET {Environment.Version}, {System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier})";
}
