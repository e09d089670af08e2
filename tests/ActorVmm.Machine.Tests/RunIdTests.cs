namespace ActorVmm.Machine.Tests;

public sealed class RunIdTests
{
    [Fact]
    public void AnIdIsATimeAndSomeChance() =>
        RunId.Of(1_469_918_176_385, new byte[16]).ShouldBe("01ARYZ6S410000000000000000");

    [Fact]
    public void IdsSortByTime()
    {
        string[] ids = [.. Enumerable.Range(0, 100).Select(i => RunId.Of(1_700_000_000_000 + (i * 37), new byte[16]))];
        ids.ShouldBe(ids.Order(StringComparer.Ordinal));
        ids.ShouldAllBe(id => id.Length == 26);
    }
}
