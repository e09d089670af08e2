namespace ActorVmm.Benchmarks.Comparing;

/// <summary>
/// One line of the table: something measured, if need be beside something else that it is compared with, and what it is to reach.
/// </summary>
/// <param name="Name">What is measured.</param>
/// <param name="Unit">Of the figures.</param>
/// <param name="Ours">Does the work once and returns the figure.</param>
internal sealed record Contest(string Name, string Unit, Func<double> Ours)
{
    /// <summary>Does the work it is compared with.</summary>
    public Func<double>? Theirs { get; init; }

    /// <summary>What the figure, or its ratio to the other one, is to reach; none: for information.</summary>
    public double? Target { get; init; }

    /// <summary>Less is better.</summary>
    public bool AtMost { get; init; }

    /// <summary>Ours, in the order measured.</summary>
    public List<double> Figures { get; } = [];

    public List<double> Others { get; } = [];

    public double Median => MedianOf(Figures);

    public double? Other => Theirs is null ? null : MedianOf(Others);

    /// <summary>The median of the ratios of neighbouring measurements: a slow minute slows both.</summary>
    public double? Ratio => Theirs is null ? null : MedianOf([.. Figures.Zip(Others, (ours, theirs) => ours / theirs)]);

    public bool? Met => Target is not { } target ? null : AtMost ? (Ratio ?? Median) <= target : (Ratio ?? Median) >= target;

    public void Measure()
    {
        Figures.Add(Ours());
        if (Theirs is not null)
        {
            Others.Add(Theirs());
        }
    }

    /// <summary>What was measured so far was to warm up.</summary>
    public void Forget()
    {
        Figures.Clear();
        Others.Clear();
    }

    private static double MedianOf(List<double> figures) => figures.Order().ElementAt(figures.Count / 2);
}
