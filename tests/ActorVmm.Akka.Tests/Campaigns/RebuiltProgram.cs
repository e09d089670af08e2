using ActorVmm.Journal.Tests.Crashes;
using ActorVmm.Kernel.Frames;

namespace ActorVmm.Akka.Tests.Campaigns;

/// <summary>
/// The program with another build of its kernel: a copy, in which the number that the compiler gives each build of a module is
/// another one. Everything else in it is the same.
/// </summary>
internal sealed class RebuiltProgram : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("actorvmm-rebuilt-").FullName;

    public RebuiltProgram()
    {
        string[] wanted =
        [
            .. Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll"), .. Directory.EnumerateFiles(AppContext.BaseDirectory, "actorvmm.*.json"),
            .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "runtimes"), "*", SearchOption.AllDirectories),
        ];
        foreach (string file in wanted)
        {
            string copy = Path.Combine(_folder, Path.GetRelativePath(AppContext.BaseDirectory, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        string kernel = Path.Combine(_folder, "ActorVmm.Kernel.dll");
        byte[] bytes = File.ReadAllBytes(kernel);
        int at = bytes.AsSpan().IndexOf(typeof(PfnDatabase).Module.ModuleVersionId.ToByteArray());
        at.ShouldBePositive("a module holds its number");
        bytes[at] ^= 0xFF;
        File.WriteAllBytes(kernel, bytes);
    }

    public Actorvmm.Ended Run(params string[] arguments)
    {
        string[] command = Actorvmm.Command(arguments);
        command[1] = Path.Combine(_folder, Path.GetFileName(command[1]));
        return Nodes.RunCommandIn("", command);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
