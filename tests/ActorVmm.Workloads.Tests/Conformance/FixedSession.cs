using ActorVmm.Workloads.Conformance;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Workloads.Tests.Conformance;

/// <summary>A machine that knows every symbol and carries out nothing.</summary>
internal sealed class FixedSession : IConformanceSession
{
    public const ulong FileLength = 0x6000;

    public CallAnswer Carry(ConformanceCall call) => CallAnswer.NotSupported("everything");

    public ulong? ValueOf(string symbol) => symbol switch
    {
        "$self" => 0x11,
        "$image_stack_commit" => 0x4000,
        "$image_stack_reserve" => 0x10_0000,
        "$occupied" => 0x4000_0000,
        "$free" => 0x5000_0000,
        _ => null,
    };

    public ulong? MemberOf(ulong value, string member) => member switch
    {
        "base" => value + 0x10_0000,
        "limit" => value + 0xF_0000,
        "dealloc" => value,
        "guard" => value + 0xE_E000,
        "text" => value + 0x1000,
        _ => null,
    };

    public ulong? LengthOf(ulong file) => FileLength;

    public void Dispose()
    {
    }
}
