using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Workloads.Conformance;

/// <summary>A fresh machine on which the steps of one case are carried out, one after the other.</summary>
public interface IConformanceSession : IDisposable
{
    /// <summary>Carries out one call and waits for its end.</summary>
    CallAnswer Carry(ConformanceCall call);

    /// <summary>
    /// What a symbol stands for that only the machine knows: <c>$self</c>, <c>$occupied</c>, <c>$free</c>, <c>$image_stack_commit</c>,
    /// <c>$image_stack_reserve</c>. Null when the machine lacks it.
    /// </summary>
    ulong? ValueOf(string symbol);

    /// <summary>A property of what a symbol is bound to: <c>base</c>, <c>limit</c>, <c>dealloc</c> or <c>guard</c> of a thread, <c>text</c> of an image view.</summary>
    ulong? MemberOf(ulong value, string member);

    /// <summary>The length of a file.</summary>
    ulong? LengthOf(ulong file);
}

/// <summary>The machine that a case asks for.</summary>
/// <param name="Architecture">Its address spaces.</param>
/// <param name="Version">Whose behaviour it shows.</param>
/// <param name="Level">Through which layer calls come.</param>
/// <param name="KernelCaller">Calls come from kernel mode: rights of section and file handles are not looked at.</param>
public sealed record SessionPlan(Architecture Architecture, WindowsVersion Version, CallLevel Level, bool KernelCaller)
{
    /// <summary>Whether fetching instructions from pages that are not executable faults.</summary>
    public bool DataExecutionPrevention { get; init; } = true;

    /// <summary>The commit limit is lower than so many bytes; null for plenty.</summary>
    public ulong? CommitLimitBelow { get; init; }
}

/// <summary>The layer through which calls come.</summary>
public enum CallLevel : byte
{
    Nt,
    Win32,
}
