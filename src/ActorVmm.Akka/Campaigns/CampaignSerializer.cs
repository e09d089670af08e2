using System.Globalization;
using System.Runtime.Serialization;
using ActorVmm.Actors;
using ActorVmm.Journal.Bytes;
using ActorVmm.Journal.Campaigns;
using Akka.Actor;
using Akka.Serialization;

namespace ActorVmm.Akka.Campaigns;

/// <summary>
/// What nodes say, as bytes: a number for each word, never a name of a type, and no reflection over what a peer has sent. In an
/// actor system of a campaign everything that Akka itself has no serializer for comes here, and what is not registered is refused
/// on the way out and on the way in.
/// </summary>
public sealed class CampaignSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Ours among Akka's; the journal's is 22093.</summary>
    public const int Number = 22094;

    /// <summary>Seeds or findings of one word, at most: a longer one is no word of ours.</summary>
    private const int MostParts = 1 << 20;

    private static readonly Type[] _words =
        [typeof(Knock), typeof(Welcome), typeof(Refused), typeof(NodeReady), typeof(RunSeeds), typeof(SeedsTaken), typeof(SeedsRun), typeof(SeedsCounted), typeof(SeedsFailed), typeof(CampaignOver)];

    public override int Identifier => Number;

    /// <exception cref="SerializationException">It is no word of a campaign.</exception>
    public override string Manifest(object o)
    {
        int at = Array.IndexOf(_words, o?.GetType());
        return at >= 0
            ? (at + 1).ToString(CultureInfo.InvariantCulture)
            : throw new SerializationException($"{o?.GetType().Name ?? "null"} is not registered with serializer {Number}: between nodes of a campaign only its own words travel");
    }

    /// <exception cref="SerializationException">It is no word of a campaign.</exception>
    public override byte[] ToBinary(object obj)
    {
        _ = Manifest(obj);
        ByteWriter into = new();
        switch ((Word)obj)
        {
            case Knock word:
                into.Text(word.Kernel);
                into.Text(word.Address);
                break;
            case Welcome word:
                into.Block(word.Plan);
                break;
            case Refused word:
                into.Byte((byte)word.Reason);
                into.Text(word.Kernel);
                break;
            case NodeReady word:
                into.Number(word.Workers);
                break;
            case RunSeeds word:
                into.Number(word.Lease);
                into.Number(word.Seeds.Count);
                foreach (ulong seed in word.Seeds)
                {
                    into.Number(seed);
                }

                break;
            case SeedsTaken word:
                into.Number(word.Lease);
                break;
            case SeedsRun word:
                into.Number(word.Lease);
                into.Number(word.Results.Count);
                foreach (SeedResult result in word.Results)
                {
                    Write(into, result);
                }

                break;
            case SeedsCounted word:
                into.Number(word.Lease);
                break;
            case SeedsFailed word:
                into.Number(word.Lease);
                into.Number(word.Seed);
                into.Byte(word.IsInput ? (byte)1 : (byte)0);
                into.Text(word.Words);
                break;
            case CampaignOver word:
                into.Byte(word.Finished ? (byte)1 : (byte)0);
                break;
        }

        return into.ToArray();
    }

    /// <exception cref="SerializationException">The number is nobody's, or the bytes are no such word.</exception>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        ByteReader from = new(bytes);
        try
        {
            Word word = manifest switch
            {
                "1" => new Knock(from.Text(), from.Text()),
                "2" => new Welcome(from.Block().ToArray()),
                "3" => new Refused((Refused.Cause)from.Byte(), from.Text()),
                "4" => new NodeReady(from.Int()),
                "5" => new RunSeeds(from.Long(), SeedsOf(ref from)),
                "6" => new SeedsTaken(from.Long()),
                "7" => new SeedsRun(from.Long(), ResultsOf(ref from)),
                "8" => new SeedsCounted(from.Long()),
                "9" => new SeedsFailed(from.Long(), from.Number(), from.Byte() != 0, from.Text()),
                "10" => new CampaignOver(from.Byte() != 0),
                _ => throw new SerializationException($"\"{manifest}\" is not registered with serializer {Number}, which knows 1 to {_words.Length}: is the other node a newer one?"),
            };
            from.End();
            return word;
        }
        catch (FormatException error)
        {
            throw new SerializationException($"these bytes are no word {manifest} of serializer {Number}: {error.Message}", error);
        }
    }

    private static ulong[] SeedsOf(ref ByteReader from)
    {
        ulong[] seeds = new ulong[PartsOf(ref from)];
        for (int i = 0; i < seeds.Length; i++)
        {
            seeds[i] = from.Number();
        }

        return seeds;
    }

    private static SeedResult[] ResultsOf(ref ByteReader from)
    {
        var results = new SeedResult[PartsOf(ref from)];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = ResultOf(ref from);
        }

        return results;
    }

    private static void Write(ByteWriter into, SeedResult result)
    {
        into.Number(result.Seed);
        into.Fixed(result.Fingerprint);
        foreach (long count in (ReadOnlySpan<long>)[result.Turns, result.Messages, result.Accesses, result.PageFaults, result.Schedules, result.ViolatingSchedules])
        {
            into.Number(count);
        }

        into.Number(result.Findings.Count);
        foreach (SeedFinding finding in result.Findings)
        {
            foreach (string text in (ReadOnlySpan<string>)[finding.Specification, finding.Shape, finding.Text, finding.Schedule, finding.ShrunkSchedule])
            {
                into.Text(text);
            }

            into.Number(finding.ShrunkTurns);
        }
    }

    private static SeedResult ResultOf(ref ByteReader from)
    {
        (ulong seed, Fingerprint fingerprint) = (from.Number(), from.Fingerprint());
        (long turns, long messages, long accesses) = (from.Long(), from.Long(), from.Long());
        (long pageFaults, long schedules, long violating) = (from.Long(), from.Long(), from.Long());
        var findings = new SeedFinding[PartsOf(ref from)];
        for (int i = 0; i < findings.Length; i++)
        {
            findings[i] = new SeedFinding(from.Text(), from.Text(), from.Text()) { Schedule = from.Text(), ShrunkSchedule = from.Text(), ShrunkTurns = from.Int() };
        }

        return new SeedResult(seed, fingerprint)
        {
            Turns = turns, Messages = messages, Accesses = accesses, PageFaults = pageFaults, Schedules = schedules, ViolatingSchedules = violating, Findings = findings,
        };
    }

    private static int PartsOf(ref ByteReader from) =>
        from.Count() is <= MostParts and var count ? count : throw new FormatException("more parts than a word has");
}
