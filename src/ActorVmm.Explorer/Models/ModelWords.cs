namespace ActorVmm.Explorer.Models;

/// <summary>What every starting actor of a counted model hears once.</summary>
public readonly record struct Start : IMessage
{
    public const int Kind = 10_000;

    static int IMessage.Kind => Kind;
}

/// <summary>States that the model's promise is broken.</summary>
/// <param name="Which">Which way, where a model knows several; 0 otherwise.</param>
public readonly record struct PromiseBroken(int Which) : IFact
{
    public const int Kind = 10_000;

    static int IFact.Kind => Kind;
}
