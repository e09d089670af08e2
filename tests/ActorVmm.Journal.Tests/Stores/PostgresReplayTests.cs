using ActorVmm.Journal.Replaying;
using Runs = ActorVmm.Journal.Tests.Replaying.Recording;

namespace ActorVmm.Journal.Tests.Stores;

/// <summary>A journal that was written to PostgreSQL, exported and opened from SQLite gives the same run.</summary>
[Collection(nameof(PrivateServer))]
public sealed class PostgresReplayTests(PrivateServer server) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void AnExportedRunIsTheRun(int workers, bool messages)
    {
        string database = server.NewDatabase();
        Runs.Told told = Runs.Of(Runs.Small(3), database, new() { Workers = workers, Messages = messages, Slice = 5_000 });
        using (IJournalStore store = JournalStores.Open(database))
        {
            var reader = new JournalReader(store);
            reader.Export(reader.Open(JournalReader.Latest), _folder["run.db"]);
        }

        foreach (string place in (string[])[database, _folder["run.db"]])
        {
            ReplayResult result = Runs.Replay(place, Runs.Small(3));
            (result.Divergence, result.Deliveries, result.Fingerprint, result.Recorded).ShouldBe((null, told.Deliveries, told.Fingerprint, told.Fingerprint));
        }
    }
}
