using System.Runtime.Serialization;
using ActorVmm.Akka.Recording;
using ActorVmm.Journal;
using ActorVmm.Journal.Tests;
using Akka.Actor;
using Akka.Serialization;

namespace ActorVmm.Akka.Tests.Recording;

/// <summary>What the serializer takes, and what it refuses on the way in and on the way out.</summary>
public sealed class RunEventSerializerTests
{
    private static readonly Serialization _serialization = Systems.Shared.Serialization;

    private static readonly RunEventSerializer _serializer = (RunEventSerializer)_serialization.FindSerializerForType(typeof(RunEvent));

    public static TheoryData<string> Words => [.. JournalEvent.Words];

    [Fact]
    public void ItsNumberIsTheJournals() => (_serializer.Identifier, _serializer.IncludeManifest).ShouldBe((Journal.Envelope.Serializer, true));

    [Fact]
    public void AnEventIsItsWordAndItsRowsBytes()
    {
        foreach (JournalEvent next in (JournalEvent[])[Written.Beginning(), Written.Batch(1, 50, new Random(1), messages: true), Written.CheckpointAt(50), Written.End(50)])
        {
            RunEvent made = new(new RowSealer(Written.Stream, TimeProvider.System).Seal(next));

            _serializer.Manifest(made).ShouldBe(next.Manifest);
            _serializer.ToBinary(made).ShouldBe(made.Row.Message);
            RunEvent read = (RunEvent)_serialization.Deserialize(made.Row.Message, _serializer.Identifier, next.Manifest);
            (read.Manifest, read.Row.Identifier).ShouldBe((next.Manifest, Journal.Envelope.Serializer));
            read.Row.Message.ShouldBe(made.Row.Message);
        }
    }

    [Theory]
    [InlineData("a text")]
    [InlineData(17)]
    public void WhatIsNotRegisteredIsNotWritten(object other)
    {
        foreach (Action written in (Action[])[() => _serializer.Manifest(other), () => _serializer.ToBinary(other)])
        {
            Should.Throw<SerializationException>(written).Message.ShouldBe(
                $"{other.GetType().Name} is not registered with serializer 22093: it takes events of a run (run-started/1, batch/1, boundaries/1, checkpoint/1, run-resumed/1, run-ended/1) and nothing else");
        }
    }

    [Theory]
    [MemberData(nameof(Words))]
    public void ANewerWordIsRefusedWithBothVersions(string word)
    {
        string newer = word[..^1] + "7";
        RunEvent made = new(new RowSealer(Written.Stream, TimeProvider.System).Seal(Written.End(1)) with { Manifest = newer });

        foreach (Action refused in (Action[])[() => _serializer.Manifest(made), () => _serializer.ToBinary(made), () => _serializer.FromBinary(made.Row.Message, newer)])
        {
            NewerJournalException newerException = Should.Throw<NewerJournalException>(refused);
            (newerException.Found, newerException.Known).ShouldBe((7, 1));
            newerException.Message.ShouldBe($"the event {word[..^2]} has version 7, and this program knows version 1: it was made by a newer one");
        }
    }

    [Fact]
    public void ANewerEnvelopeIsRefusedWithBothVersions()
    {
        JournalRow row = new RowSealer(Written.Stream, TimeProvider.System).Seal(Written.End(1));
        (row.Message[3], row.Message[^1]) = (9, 99); // What it is sealed with is newer, too.

        NewerJournalException newer = Should.Throw<NewerJournalException>(() => new RunEvent(row).Open(null));

        (newer.Found, newer.Known).ShouldBe((9, Journal.Envelope.Version));
    }

    [Theory]
    [InlineData("System.String, System.Private.CoreLib")]
    [InlineData("")]
    [InlineData("batch")]
    public void AWordThatIsNobodysIsNotRead(string manifest) =>
        Should.Throw<SerializationException>(() => _serialization.Deserialize(new byte[64], _serializer.Identifier, manifest))
            .Message.ShouldContain($"\"{manifest}\" is not registered with serializer 22093");

    [Fact]
    public void AMachinesStateIsNoEvent() =>
        Should.Throw<SerializationException>(() => _serialization.Deserialize(new byte[64], _serializer.Identifier, "snapshot/1")).Message.ShouldContain("SnapshotSelectionCriteria.None");

    [Fact]
    public void BytesThatAreNoEventsAreNotRead() =>
        Should.Throw<SerializationException>(() => _serializer.FromBinary("{\"$type\":\"System.Object\"}"u8.ToArray(), RunEnded.Word)).Message.ShouldContain("no event of a run");

    [Fact]
    public void ATypeIsNoWord() =>
        Should.Throw<SerializationException>(() => ((Serializer)_serializer).FromBinary(new byte[64], typeof(RunEvent))).Message.ShouldContain("is not registered");
}
