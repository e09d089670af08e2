namespace ActorVmm.Workloads.Conformance;

/// <summary>What a case runs on: native 64-bit with 128 TB of user space, or native 32-bit with 2 GB.</summary>
public enum Architecture : byte
{
    X64,
    X86,
}

/// <summary>Their names.</summary>
public static class ArchitectureText
{
    public static string NameOf(Architecture architecture) => architecture switch
    {
        Architecture.X64 => "x64",
        Architecture.X86 => "x86",
    };

    public static Architecture? Find(string text) => text switch
    {
        "x64" => Architecture.X64,
        "x86" => Architecture.X86,
        _ => null,
    };
}
