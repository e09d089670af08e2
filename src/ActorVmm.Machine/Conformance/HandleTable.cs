using ActorVmm.Actors;
using ActorVmm.Protocol;
using ActorVmm.Workloads.Conformance.Calls;

namespace ActorVmm.Machine.Conformance;

/// <summary>What a handle of a section stands for.</summary>
/// <param name="Section">The actor.</param>
/// <param name="Object">The object's row in it.</param>
/// <param name="Rights">What the handle may be used for.</param>
internal sealed record SectionHandle(ActorId Section, int Object, uint Rights);

/// <summary>
/// The handles of a session: numbers unlike any address, given once and never again. A symbol that is bound to one is good until it is closed.
/// </summary>
internal sealed class HandleTable
{
    private const ulong First = 0x1000_0000_0000_0004;
    private const ulong Step = 4;

    private readonly Dictionary<ulong, object> _open = [];
    private ulong _next = First;

    public ulong Add(object target)
    {
        ulong handle = _next;
        _next += Step;
        _open.Add(handle, target);
        return handle;
    }

    /// <summary>Finds what a handle stands for; else says what is wrong with it.</summary>
    public HandleResolution Resolve<T>(HandleValue handle, out T? target)
        where T : class
    {
        target = null;
        if (handle.Kind == HandleKind.MinusOne)
        {
            // The current process.
            return HandleResolution.WrongType;
        }

        if (handle.Kind != HandleKind.Bound || !_open.TryGetValue(handle.Value, out object? found))
        {
            return HandleResolution.Invalid;
        }

        target = found as T;
        return target is null ? HandleResolution.WrongType : HandleResolution.Resolved;
    }

    public void Close(HandleValue handle) => _open.Remove(handle.Value);
}
