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

/// <summary>States that somebody is in a hot state from now on: one that must not last.</summary>
/// <param name="Who">Who is: any number that is used for nobody else.</param>
/// <param name="Which">Which way the promise is broken when it lasts.</param>
public readonly record struct HotBegan(int Who, int Which) : IFact
{
    public const int Kind = 10_001;

    static int IFact.Kind => Kind;
}

/// <summary>States that somebody's hot state is over.</summary>
public readonly record struct HotEnded(int Who) : IFact
{
    public const int Kind = 10_002;

    static int IFact.Kind => Kind;
}
