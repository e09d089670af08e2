namespace ActorVmm.Kernel.Rules;

/// <summary>A page that was asked for one view is mapped in the view that is there when it comes.</summary>
internal sealed class AnyViewWillDo : KernelRules
{
    public override bool IsViewThatWasAsked(bool same) => true;
}
