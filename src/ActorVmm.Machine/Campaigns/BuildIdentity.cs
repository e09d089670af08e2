using System.Reflection;
using System.Security.Cryptography;

namespace ActorVmm.Machine.Campaigns;

/// <summary>Which build computes the turns: the modules of an assembly and of all of ours below it, as one number.</summary>
public static class BuildIdentity
{
    private const string Ours = "ActorVmm.";

    /// <summary>32 hexadecimal digits; another build of anything that a result depends on has others.</summary>
    public static string Of(Assembly root)
    {
        var found = new SortedDictionary<string, Guid>(StringComparer.Ordinal);
        var left = new Stack<Assembly>([root]);
        while (left.TryPop(out Assembly? assembly))
        {
            if (!found.TryAdd(assembly.GetName().Name ?? "", assembly.ManifestModule.ModuleVersionId))
            {
                continue;
            }

            foreach (AssemblyName name in assembly.GetReferencedAssemblies().Where(name => name.Name?.StartsWith(Ours, StringComparison.Ordinal) is true))
            {
                left.Push(Assembly.Load(name));
            }
        }

        byte[] modules = [.. found.Values.SelectMany(module => module.ToByteArray())];
        return Convert.ToHexStringLower(SHA256.HashData(modules))[..32];
    }
}
