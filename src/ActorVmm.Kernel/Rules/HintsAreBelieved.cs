namespace ActorVmm.Kernel.Rules;

/// <summary>A transition PTE is believed, although the frame it names may have been given to another page.</summary>
internal sealed class HintsAreBelieved : KernelRules
{
    public override bool IsStillThere(bool there) => true;
}
