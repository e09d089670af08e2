using ActorVmm.Actors;
using ActorVmm.Kernel.Files;
using ActorVmm.Protocol;

namespace ActorVmm.Machine.Conformance;

/// <summary>What a handle of a file stands for.</summary>
/// <param name="Actor">The file.</param>
/// <param name="File">The same, to be looked at between two turns.</param>
/// <param name="Object">The file object's row in it.</param>
/// <param name="Rights">What the handle may be used for.</param>
internal sealed record FileHandle(ActorId Actor, DataFile File, int Object, FileRights Rights);
