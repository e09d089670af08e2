namespace ActorVmm.Runtime.Parallel;

/// <summary>What a <see cref="ReplayHost"/> is built with. The seed is that of the recorded run; choices come from the record.</summary>
public sealed record ReplayOptions : HostOptions
{
    public ReplayOptions()
    {
    }

    public ReplayOptions(HostOptions options)
        : base(options)
    {
    }

    /// <summary>
    /// On how many threads a whole replay runs. With more than one nobody listens, because nothing has an order then; replay by
    /// pieces, and with listeners, is done on one.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// How often a thread looks whether it can go on before it parks, about a tenth of a microsecond each: as long as a few steps of
    /// the others take. Fewer are better where threads share processors.
    /// </summary>
    public int Looks { get; init; } = 1_024;

    /// <summary>Another linear extension of the same run: of the steps that can begin, the one that came last is the first.</summary>
    public bool AnotherOrder { get; init; }
}
