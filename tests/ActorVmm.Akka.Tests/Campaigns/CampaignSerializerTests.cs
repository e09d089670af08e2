using System.Runtime.Serialization;
using ActorVmm.Akka.Campaigns;
using ActorVmm.Journal.Campaigns;
using Akka.Actor;

namespace ActorVmm.Akka.Tests.Campaigns;

/// <summary>What travels between nodes has a number; what has none is refused on the way out and on the way in.</summary>
public sealed class CampaignSerializerTests
{
    private static readonly CampaignSerializer _serializer = new((ExtendedActorSystem)Systems.Shared);

    private static readonly SeedResult _result = new(7, new Fingerprint(1, ulong.MaxValue))
    {
        Turns = 2, Messages = 3, Accesses = 4, PageFaults = 5, Schedules = 6, ViolatingSchedules = 1,
        Findings = [new SeedFinding("promise", "shape", "text, ü") { Schedule = "s1.0.x", ShrunkSchedule = "s1..x", ShrunkTurns = 9 }],
    };

    private static readonly Word[] _words =
    [
        new Knock("kernel", "127.0.0.1:4000"), new Welcome(new CampaignPlan("thrash", 1, 10).Encode()), new Refused(Refused.Cause.Kernel, "kernel"), new NodeReady(4),
        new RunSeeds(3, [1, CampaignPlan.MostSeed]), new SeedsTaken(3), new SeedsRun(3, [_result, new SeedResult(8, default)]), new SeedsCounted(3),
        new SeedsFailed(3, 8, IsInput: true, "gone"), new CampaignOver(Finished: true),
    ];

    public static TheoryData<int> Numbers => [.. Enumerable.Range(1, _words.Length)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void AWordIsItsNumberAndItsBytes(int number)
    {
        Word word = _words[number - 1];
        string manifest = number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        byte[] bytes = _serializer.ToBinary(word);

        _serializer.Manifest(word).ShouldBe(manifest);
        object read = _serializer.FromBinary(bytes, manifest);
        read.ShouldBeOfType(word.GetType());
        _serializer.ToBinary(read).ShouldBe(bytes);
        for (int length = 0; length < bytes.Length; length++)
        {
            Should.Throw<SerializationException>(() => _serializer.FromBinary(bytes[..length], manifest));
        }

        Should.Throw<SerializationException>(() => _serializer.FromBinary([.. bytes, 0], manifest)).Message.ShouldContain($"no word {manifest} of serializer 22094");
    }

    [Fact]
    public void WhatIsReadIsWhatWasWritten()
    {
        SeedsRun read = (SeedsRun)_serializer.FromBinary(_serializer.ToBinary(_words[6]), "7");
        SeedResult first = read.Results[0];
        first.Findings.ShouldBe(_result.Findings);
        (first with { Findings = _result.Findings }).ShouldBe(_result);
        read.Results[1].Seed.ShouldBe(8UL);
    }

    [Fact]
    public void EveryWordHasANumber() =>
        typeof(Word).Assembly.GetTypes().Count(type => type.IsSubclassOf(typeof(Word))).ShouldBe(_words.Length);

    [Theory]
    [InlineData("a text")]
    [InlineData(17)]
    public void WhatIsNotRegisteredIsNotWritten(object other)
    {
        Should.Throw<SerializationException>(() => _serializer.Manifest(other)).Message.ShouldBe($"{other.GetType().Name} is not registered with serializer 22094: between nodes of a campaign only its own words travel");
        Should.Throw<SerializationException>(() => _serializer.ToBinary(other));
    }

    [Theory]
    [InlineData("11")]
    [InlineData("")]
    [InlineData("System.String, System.Private.CoreLib")]
    public void ANumberThatIsNobodysIsNotRead(string manifest) =>
        Should.Throw<SerializationException>(() => _serializer.FromBinary(new byte[8], manifest)).Message.ShouldContain($"\"{manifest}\" is not registered with serializer 22094");

    [Fact]
    public void InACampaignsSystemNothingIsReadByTheNameOfAType()
    {
        using var node = new NodeSystem(Overrides.None, new NodeOptions("127.0.0.1", 0, 1, "kernel"));
        node.System.Serialization.FindSerializerForType(typeof(Uri)).ShouldBeOfType<CampaignSerializer>();
        node.System.Serialization.FindSerializerForType(typeof(RunSeeds)).ShouldBeOfType<CampaignSerializer>();
        Should.Throw<SerializationException>(() => node.System.Serialization.FindSerializerForType(typeof(Uri)).ToBinary(new Uri("http://a")));
    }
}
