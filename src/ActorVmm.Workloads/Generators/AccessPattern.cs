namespace ActorVmm.Workloads.Generators;

/// <summary>In which order a <see cref="TouchPhase"/> goes over its pages.</summary>
public enum AccessOrder : byte
{
    /// <summary>Page after page, from the start again after the last.</summary>
    Sequential,

    /// <summary>Every page equally likely.</summary>
    Uniform,

    /// <summary>Few pages often, by Zipf's law; the first page is the favourite.</summary>
    Zipf,

    /// <summary>Every n-th page, then the same one page further on, and so on: each page once a round.</summary>
    Stride,

    /// <summary>Mostly within a window of neighbours that moves on after a while, else anywhere.</summary>
    Local,
}

/// <summary>An order with its numbers.</summary>
/// <param name="Order">Which.</param>
/// <param name="Pages">Length of the step of Stride or the window of Local, in pages.</param>
/// <param name="Chance">Of staying in the window of Local, in 1 / 2^64.</param>
/// <param name="Exponent">Of Zipf.</param>
public readonly record struct AccessPattern(AccessOrder Order, ulong Pages = 1, ulong Chance = 0, decimal Exponent = 0);
