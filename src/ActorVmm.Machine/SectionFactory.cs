using ActorVmm.Actors;
using ActorVmm.Kernel;
using ActorVmm.Kernel.AddressSpaces;
using ActorVmm.Kernel.Sections;

namespace ActorVmm.Machine;

/// <summary>Makes the sections of a machine; each is found by the actor that it is.</summary>
internal sealed class SectionFactory(ProcessEnvironment environment) : ISectionFactory
{
    public Role Role => Cast.PfnLock;

    public IActor Create(uint serial) => new Section(environment, serial);
}
