using System.Text.Json;

namespace ActorVmm.Machine.Tests.Exports;

/// <summary>The rules of Chrome's trace-event format as interfaces.md states them.</summary>
internal static class PerfettoChecker
{
    public static void Check(string file, TurnsOfRun turns)
    {
        using JsonDocument document = JsonDocument.Parse(file);
        JsonElement[] events = [.. document.RootElement.GetProperty("traceEvents").EnumerateArray()];
        ILookup<string, JsonElement> byPhase = events.ToLookup(one => one.GetProperty("ph").GetString()!);
        byPhase.Select(group => group.Key).Order(StringComparer.Ordinal).ShouldBe(["C", "M", "X", "b", "e", "f", "s"]);
        foreach (JsonElement one in events)
        {
            one.GetProperty("ts").GetDecimal().ShouldBeGreaterThanOrEqualTo(0);
            one.GetProperty("name").GetString().ShouldNotBeNullOrEmpty();
            one.GetProperty("pid").GetInt32().ShouldBe(1);
            one.GetProperty("tid").ValueKind.ShouldBe(JsonValueKind.Number);
        }

        CheckSlices(byPhase["X"], turns);
        CheckWaits(byPhase["b"], byPhase["e"]);
        CheckArrows(byPhase["s"], byPhase["f"], [.. byPhase["X"]], turns);
        CheckCounters(byPhase["C"]);
        byPhase["M"].Where(one => one.GetProperty("name").GetString() == "thread_name").Select(TrackOf).Order()
            .ShouldBe(turns.Deliveries.Select(turn => turn.Actor).Distinct().Order());
    }

    /// <summary>One slice per turn, with its duration, at its time or later; those of a track follow each other.</summary>
    private static void CheckSlices(IEnumerable<JsonElement> slices, TurnsOfRun turns)
    {
        slices.Select(slice => (Number: slice.GetProperty("args").GetProperty("turn").GetInt64(), Now: NowOf(slice), Track: TrackOf(slice)))
            .ShouldBe(turns.Deliveries.Select(turn => (turn.Number, turn.Now, turn.Actor)));
        slices.Where(slice => turns.CostsPass ? NanosecondsOf(slice) != NowOf(slice) : NanosecondsOf(slice) < NowOf(slice)).ShouldBeEmpty();
        foreach (IGrouping<int, JsonElement> track in slices.GroupBy(TrackOf))
        {
            decimal end = -1;
            foreach (JsonElement slice in track)
            {
                slice.TryGetProperty("dur", out JsonElement duration).ShouldBeTrue("a slice has its duration");
                duration.GetDecimal().ShouldBeGreaterThan(0);
                slice.GetProperty("ts").GetDecimal().ShouldBeGreaterThanOrEqualTo(end);
                end = slice.GetProperty("ts").GetDecimal() + duration.GetDecimal();
            }
        }
    }

    /// <summary>Every wait that begins ends, once, not earlier, under the same category, id and name.</summary>
    private static void CheckWaits(IEnumerable<JsonElement> begins, IEnumerable<JsonElement> ends)
    {
        begins.Select(KeyOf).Distinct().Count().ShouldBe(begins.Count());
        begins.Select(KeyOf).Order().ShouldBe(ends.Select(KeyOf).Order());
        Dictionary<(string?, string?, string?, int), long> starts = begins.ToDictionary(KeyOf, NanosecondsOf);
        ends.Where(end => NanosecondsOf(end) < starts[KeyOf(end)]).ShouldBeEmpty();
        begins.Select(one => one.GetProperty("cat").GetString()).Distinct().ShouldBe(["fault", "transfer", "memory"], ignoreOrder: true);
    }

    /// <summary>An arrow for every message between actors: from a turn of its sender to the turn that heard it.</summary>
    private static void CheckArrows(IEnumerable<JsonElement> starts, IEnumerable<JsonElement> finishes, JsonElement[] slices, TurnsOfRun turns)
    {
        finishes.Where(finish => !finish.TryGetProperty("bp", out JsonElement binding) || binding.GetString() != "e").ShouldBeEmpty();
        finishes.Select(finish => (Id: finish.GetProperty("id").GetString(), Track: TrackOf(finish), Now: NanosecondsOf(finish)))
            .ShouldBe(turns.Deliveries.Zip(slices).Where(pair => pair.First.Sender != 0)
                .Select(pair => ((string?)FormattableString.Invariant($"{pair.First.Sender}.{pair.First.Count}"), pair.First.Actor, NanosecondsOf(pair.Second))));
        starts.Select(start => start.GetProperty("id").GetString()).ShouldBe(finishes.Select(finish => finish.GetProperty("id").GetString()));
        HashSet<(int, long)> taken = [.. slices.Select(slice => (TrackOf(slice), NanosecondsOf(slice)))];
        foreach ((JsonElement start, JsonElement finish) in starts.Zip(finishes))
        {
            start.GetProperty("cat").GetString().ShouldBe(finish.GetProperty("cat").GetString());
            start.GetProperty("name").GetString().ShouldBe(finish.GetProperty("name").GetString());
            start.GetProperty("id").GetString().ShouldStartWith(FormattableString.Invariant($"{TrackOf(start)}."));
            taken.ShouldContain((TrackOf(start), NanosecondsOf(start)));
            NanosecondsOf(start).ShouldBeLessThan(NanosecondsOf(finish));
        }
    }

    private static void CheckCounters(IEnumerable<JsonElement> counters)
    {
        counters.Select(counter => counter.GetProperty("name").GetString()).ShouldContain("frames");
        counters.ShouldAllBe(counter => counter.GetProperty("args").EnumerateObject().Any()
            && counter.GetProperty("args").EnumerateObject().All(value => value.Value.ValueKind == JsonValueKind.Number));
    }

    private static (string?, string?, string?, int) KeyOf(JsonElement one) =>
        (one.GetProperty("cat").GetString(), one.GetProperty("id").GetString(), one.GetProperty("name").GetString(), TrackOf(one));

    private static long NowOf(JsonElement slice) => slice.GetProperty("args").GetProperty("now").GetInt64();

    private static int TrackOf(JsonElement one) => one.GetProperty("tid").GetInt32();

    private static long NanosecondsOf(JsonElement one) => (long)(one.GetProperty("ts").GetDecimal() * 1_000);
}
