namespace ActorVmm.Architecture.Tests;

internal static class Complaints
{
    /// <summary>Fails with every complaint on a line of its own. Each says what is wrong, where, and what to do.</summary>
    public static void ShouldBeNone(this IEnumerable<string> complaints)
    {
        var lines = complaints.Order(StringComparer.Ordinal).ToList();
        if (lines.Count > 0)
        {
            Assert.Fail($"{lines.Count} to mend:{string.Concat(lines.Select(line => Environment.NewLine + "  " + line))}");
        }
    }
}
