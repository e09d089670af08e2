using ActorVmm.Explorer.Catalogue;
using ActorVmm.Protocol;

namespace ActorVmm.Cli.Verbs;

/// <summary>The rules that can be taken out, as the command line names them.</summary>
internal static class RuleNames
{
    public static readonly (string Name, KernelRule Rule)[] All = [.. KernelVariants.All.Select(variant => (variant.Name, variant.Rule))];

    /// <summary>The name of a rule; "" for none.</summary>
    public static string NameOf(KernelRule rule) => KernelVariants.Of(rule)?.Name ?? "";

    /// <summary>The rule of a name; none where there is no such name.</summary>
    public static KernelRule Find(string name) => Array.Find(All, named => string.Equals(named.Name, name, StringComparison.Ordinal)).Rule;

    /// <summary>What a command to paste says of it.</summary>
    public static string FlagOf(KernelRule rule) => rule == KernelRule.None ? "" : " --without " + NameOf(rule);
}
