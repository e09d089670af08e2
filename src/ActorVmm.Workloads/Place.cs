using System.Globalization;

namespace ActorVmm.Workloads;

/// <summary>
/// Where in an input something stands. Lines and columns count from 1, columns in bytes for traces and in characters for scenarios;
/// 0 where there is none.
/// </summary>
public readonly record struct Place(string File, long Line = 0, long Column = 0)
{
    public override string ToString() => Line == 0
        ? File
        : Column == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}")
            : string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");
}
