using ActorVmm.Specifications.Known;

namespace ActorVmm.Specifications.Tests;

/// <summary>Ranges of pages against a set of single pages.</summary>
public sealed class PageRangesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void HoldTheSamePagesAsASet(int seed)
    {
        var random = new Random(seed);
        var ranges = new PageRanges();
        var pages = new HashSet<(ActorId Process, ulong Page)>();
        for (int step = 0; step < 3_000; step++)
        {
            var process = new ActorId(random.Next(1, 4));
            ulong first = (ulong)random.Next(60);
            ulong last = first + (ulong)random.Next(12);
            bool had = pages.RemoveWhere(page => page.Process == process && page.Page >= first && page.Page <= last) > 0;
            ranges.Remove(process, first, last).ShouldBe(had);
            if (random.Next(2) == 0)
            {
                ranges.Add(process, first, last);
                for (ulong page = first; page <= last; page++)
                {
                    pages.Add((process, page));
                }
            }

            ulong asked = (ulong)random.Next(75);
            ranges.Contains(process, asked).ShouldBe(pages.Contains((process, asked)));
        }
    }

    [Fact]
    public void AllOfAProcessGoesAtOnceAndOthersKeepTheirs()
    {
        var ranges = new PageRanges();
        ranges.Add(new ActorId(1), 3, 5);
        ranges.Add(new ActorId(1), 9, 9);
        ranges.Add(new ActorId(2), 3, 5);
        ranges.Remove(new ActorId(1), 0, ulong.MaxValue).ShouldBeTrue();
        ranges.Contains(new ActorId(1), 4).ShouldBeFalse();
        ranges.Contains(new ActorId(2), 4).ShouldBeTrue();
    }
}
