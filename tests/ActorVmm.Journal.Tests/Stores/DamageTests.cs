using ActorVmm.Journal.Tests.Crashes;
using Recorded = ActorVmm.Journal.Tests.Replaying.Recording;

namespace ActorVmm.Journal.Tests.Stores;

/// <summary>
/// A sealed journal with one bit flipped, or cut off: either the damage is found and the row named where it is in a row, or every row is
/// what was written.
/// </summary>
public sealed class DamageTests : IDisposable
{
    private static readonly bool _long = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1";

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _good;
    private readonly string _wanted;

    public DamageTests()
    {
        using (IJournalStore store = JournalStores.OpenOrCreate(_folder["good.db"]))
        {
            Written.Run(store, batches: 8, rows: 1_500);
            Written.Run(store, Written.Stream[..^1] + "2", batches: 5, rows: 400);
        }

        // Besides those, which have snapshots, what the hosts record.
        Recorded.Of(Recorded.Small(3), _folder["good.db"], new() { Slice = 1_000 });
        Recorded.Of(Recorded.Small(3), _folder["good.db"], new() { Slice = 1_000, Workers = 2 });
        using (IJournalStore store = JournalStores.Open(_folder["good.db"]))
        {
            _wanted = Content(store);
        }

        _good = File.ReadAllBytes(_folder["good.db"]);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AFlippedBitIsFoundOrHarmless()
    {
        int flips = _long ? 2_000 : 300;
        var random = new Random(20260101);
        (int found, int named) = (0, 0);
        for (int i = 0; i < flips; i++)
        {
            byte[] bad = [.. _good];
            int at = random.Next(bad.Length);
            int bit = random.Next(8);
            bad[at] ^= (byte)(1 << bit);
            (bool isFound, bool isNamed) = Judge(bad, $"bit {bit} of byte {at}");
            found += isFound ? 1 : 0;
            named += isNamed ? 1 : 0;
        }

        // Most of a journal is rows.
        found.ShouldBeGreaterThan(flips / 2);
        named.ShouldBeGreaterThan(found * 3 / 4);
    }

    [Fact]
    public void ATruncatedFileIsFound()
    {
        int cuts = _long ? 200 : 20;
        var random = new Random(20260102);
        for (int i = 0; i < cuts; i++)
        {
            int length = random.Next(_good.Length);
            Judge(_good[..length], $"cut off at byte {length}").Found.ShouldBeTrue($"cut off at byte {length} of {_good.Length}");
        }
    }

    /// <summary>The program says the same, with the exit code of it, whatever it is asked about the journal.</summary>
    [Fact]
    public void TheProgramSaysSo()
    {
        int flips = _long ? 40 : 4;
        var random = new Random(20260103);
        for (int i = 0; i < flips; i++)
        {
            byte[] bad = [.. _good];
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            (bool isFound, bool isNamed) = Judge(bad, $"flip {i}");
            File.WriteAllBytes(_folder["bad.db"], bad);
            Actorvmm.Ended verified = Actorvmm.Run("journal", "verify", _folder["bad.db"]);
            (verified.Code == 0).ShouldBe(!isFound, verified.Output + verified.Error);
            if (isNamed)
            {
                (verified.Code, (verified.Output + verified.Error).Contains(", row ", StringComparison.Ordinal)).ShouldBe((5, true));
            }

            foreach (string verb in (string[])["list", "info"])
            {
                Actorvmm.Run("journal", verb, _folder["bad.db"]).Code.ShouldBeOneOf(0, 3, 4, 5, 6, 7);
            }
        }
    }

    private (bool Found, bool Named) Judge(byte[] bad, string what)
    {
        string path = _folder["bad.db"];
        File.WriteAllBytes(path, bad);
        try
        {
            using IJournalStore store = JournalStores.Open(path);
            IReadOnlyList<StreamVerdict> verdicts = new JournalVerifier(store).VerifyAll();
            StreamVerdict[] damaged = [.. verdicts.Where(verdict => verdict.Condition == StreamCondition.Damaged)];
            if (damaged.Length > 0)
            {
                damaged.ShouldAllBe(verdict => verdict.Words.Length > 0);
                return (true, damaged.Any(verdict => verdict.Row > 0));
            }

            Content(store).ShouldBe(_wanted, $"{what} changed a row, and verify did not see it");
            return (false, false);
        }
        catch (JournalException error)
        {
            error.Message.ShouldNotBeEmpty();
            return (true, error is DamagedJournalException { Row: > 0 });
        }
        finally
        {
            foreach (string suffix in (string[])["", "-wal", "-shm", "-lock", "-journal"])
            {
                File.Delete(path + suffix);
            }
        }
    }

    private static string Content(IJournalStore store)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        foreach (StreamSummary stream in store.Streams())
        {
            foreach (JournalRow row in store.Rows(stream.Stream))
            {
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes((row with { Message = [] }).ToString()));
                hash.AppendData(row.Message);
            }

            foreach (SnapshotRow row in store.Snapshots(stream.Stream))
            {
                hash.AppendData(System.Text.Encoding.UTF8.GetBytes((row with { Snapshot = [] }).ToString()));
                hash.AppendData(row.Snapshot);
            }
        }

        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
