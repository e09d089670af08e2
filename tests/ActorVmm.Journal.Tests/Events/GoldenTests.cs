using ActorVmm.Journal.Replaying;
using ActorVmm.Journal.Tests.Replaying;

namespace ActorVmm.Journal.Tests.Events;

/// <summary>Journals as each format version wrote them: every later program reads them, and reads the same.</summary>
public sealed class GoldenTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Format1IsReadAsItWasWritten()
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Golden", "format-1.db"), _folder["golden.db"]);
        using IJournalStore golden = JournalStores.Open(_folder["golden.db"]);
        using IJournalStore now = JournalStores.OpenOrCreate(_folder["now.db"]);
        Written.Run(now, batches: 4, rows: 200);

        new JournalVerifier(golden).VerifyAll().ShouldHaveSingleItem().ShouldBe(new StreamVerdict(Written.Stream, 8, 800, StreamCondition.Whole, 0, ""));
        RecordedRun was = new JournalReader(golden).Open("latest");
        RecordedRun wanted = new JournalReader(now).Open("latest");
        was.Started.Registry.Codecs.Select(codec => codec.Name).ShouldBeSubsetOf(wanted.Started.Registry.Codecs.Select(codec => codec.Name), "messages come, but none goes");
        foreach ((DeliveryBatch found, DeliveryBatch batch) in was.Events().OfType<DeliveryBatch>().Zip(wanted.Events().OfType<DeliveryBatch>()))
        {
            found.Rows.SequenceEqual(batch.Rows).ShouldBeTrue();
            found.Choices.SequenceEqual(batch.Choices).ShouldBeTrue();
            found.Births.SequenceEqual(batch.Births).ShouldBeTrue();
            found.Messages.ToArray().Select(row => Convert.ToHexString(BodyOf(row))).ShouldBe(batch.Messages.ToArray().Select(row => Convert.ToHexString(BodyOf(row))));
        }

        was.Checkpoints().First().Actors.ShouldBe(Written.CheckpointAt(600).Actors);
        was.Checkpoints().First().OnTheirWay.ShouldBe(Written.CheckpointAt(600).OnTheirWay);
        was.Ended.ShouldNotBeNull().Fingerprint.ShouldBe(new Fingerprint(1, 2));
        was.NearestSnapshot(800).ShouldNotBeNull().State.Span.SequenceEqual(wanted.NearestSnapshot(800)!.State.Span).ShouldBeTrue();
    }

    [Theory]
    [InlineData("run/01JD0000000000000000000001", true, 1)]
    [InlineData("run/01JD0000000000000000000001", true, 2)]
    [InlineData("run/01JD0000000000000000000002", false, 1)]
    public void RunsOnSeveralCoresOfFormat1AreReplayed(string stream, bool boundaries, int threads)
    {
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Golden", "parallel-1.db"), _folder["golden.db"]);
        using IJournalStore golden = JournalStores.Open(_folder["golden.db"]);
        new JournalVerifier(golden).Verify(stream).Condition.ShouldBe(StreamCondition.Whole);
        RecordedRun run = new JournalReader(golden).Open(stream["run/".Length..]);
        Replayer.HasBoundaries(run).ShouldBe(boundaries);
        using Replayer replayer = Replayer.Of(run, Village.Machine, threads);
        ReplayResult result = replayer.Run();
        (result.Divergence, result.Recorded).ShouldBe((null, result.Fingerprint));
        result.Deliveries.ShouldBeGreaterThan(500);
        result.Checkpoints.ShouldBeGreaterThan(4);
    }

    private static byte[] BodyOf(MessageRow row)
    {
        Message message = row.Message;
        return Message.BodyOf(in message).ToArray();
    }
}
