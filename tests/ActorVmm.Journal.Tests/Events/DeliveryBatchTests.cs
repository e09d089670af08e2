using ActorVmm.Journal.Bytes;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Journal.Tests.Events;

public sealed class DeliveryBatchTests
{
    [Fact]
    public void AnyBatchIsReadAsItWasWritten() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(int Receiver, int Sender, int Count, long Now, byte Check)[]>(), rows => ShouldComeBack(Of(rows)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void BatchesThatLookLikeAMachinesAreReadAsTheyWereWritten()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            var random = new Random(seed);
            ShouldComeBack(Written.Batch(1 + random.Next(1_000_000), 1 + random.Next(2_000), random, messages: seed % 2 == 0));
        }
    }

    [Fact]
    public void WhatIsForeseenTakesFewBytes()
    {
        // A thousand processes in a circle, each running itself.
        var batch = new DeliveryBatch(16_384);
        for (int i = 0; i < 16_384; i++)
        {
            batch.Add() = new DeliveryRow { Receiver = 7 + (i % 1_000), Sender = 7 + (i % 1_000), SenderCount = (i / 1_000) + 1, Now = i };
        }

        Encoded(batch).Length.ShouldBeLessThan(200);
    }

    [Fact]
    public void TheRangeIsReadWithoutUnpacking() =>
        DeliveryBatch.RangeOf(Encoded(Written.Batch(1_001, 500, new Random(1)))).ShouldBe((1_001, 1_500));

    [Fact]
    public void WrongBytesAreAnErrorAndNothingElse()
    {
        var random = new Random(3);
        byte[] good = Encoded(Written.Batch(1, 200, random, messages: true));
        for (int i = 0; i < 3_000; i++)
        {
            byte[] bad = [.. good];
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                JournalEvent.Decode(DeliveryBatch.Word, random.Next(2) == 0 ? bad : bad.AsSpan(0, random.Next(bad.Length)), ProtocolMessages.Create());
            }
            catch (Exception error) when (error is FormatException)
            {
            }
        }
    }

    private static DeliveryBatch Of((int Receiver, int Sender, int Count, long Now, byte Check)[] rows)
    {
        var batch = new DeliveryBatch(rows.Length) { First = 5 };
        foreach ((int receiver, int sender, int count, long now, byte check) in rows)
        {
            // Few actors, so that what can be foreseen is met; ids up to the largest.
            batch.Add() = new DeliveryRow { Receiver = Id(receiver) + 1, Sender = Id(sender), SenderCount = count, Now = now, Check = check & 15u };
        }

        return batch;

        static int Id(int number) => number % 7 == 0 ? int.MaxValue - 10 + Math.Abs(number % 5) : Math.Abs(number % 10);
    }

    private static byte[] Encoded(DeliveryBatch batch)
    {
        var bytes = new ByteWriter();
        batch.Encode(bytes);
        return bytes.ToArray();
    }

    private static void ShouldComeBack(DeliveryBatch batch)
    {
        var read = (DeliveryBatch)JournalEvent.Decode(DeliveryBatch.Word, Encoded(batch), ProtocolMessages.Create());
        read.First.ShouldBe(batch.First);
        read.Rows.SequenceEqual(batch.Rows).ShouldBeTrue();
        read.Choices.SequenceEqual(batch.Choices).ShouldBeTrue();
        read.Messages.Length.ShouldBe(batch.Messages.Length);
        for (int i = 0; i < read.Messages.Length; i++)
        {
            Message left = read.Messages[i].Message;
            Message right = batch.Messages[i].Message;
            (left.Kind, read.Messages[i].Row).ShouldBe((right.Kind, batch.Messages[i].Row));
            Message.BodyOf(in left).SequenceEqual(Message.BodyOf(in right)).ShouldBeTrue();
        }
    }
}
