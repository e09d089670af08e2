using ActorVmm.Journal.Bytes;
using ActorVmm.Journal.Snapshots;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Journal.Tests.Snapshots;

public sealed class BlockDiffTests
{
    [Fact]
    public void AnyStateComesBackFromItsDifference() =>
        Prop.ForAll(ArbMap.Default.ArbFor<(byte[] Older, byte[] Newer)>(), states => ShouldComeBack(states.Older ?? [], states.Newer ?? [])).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void EditedStatesComeBackAndTakeFewBytes()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            byte[] older = new byte[20_000];
            random.NextBytes(older);
            List<byte> newer = [.. older];
            for (int edit = 0; edit < 8; edit++)
            {
                int at = random.Next(newer.Count);
                switch (random.Next(3))
                {
                    case 0: newer[at]++; break;
                    case 1: newer.InsertRange(at, new byte[random.Next(40)]); break;
                    default: newer.RemoveRange(at, Math.Min(random.Next(60), newer.Count - at)); break;
                }
            }

            ShouldComeBack(older, [.. newer]).ShouldBeLessThan(1_500);
        }
    }

    [Fact]
    public void AnEqualStateIsAFewBytes() => ShouldComeBack(new byte[100_000], new byte[100_000]).ShouldBeLessThan(16);

    [Fact]
    public void ADifferenceOfOtherStatesIsAnErrorAndNothingElse()
    {
        var random = new Random(1);
        byte[] older = new byte[500];
        random.NextBytes(older);
        var bytes = new ByteWriter();
        BlockDiff.Write(bytes, older, [.. older[200..], .. older[..200], 1, 2, 3]);
        for (int i = 0; i < 2_000; i++)
        {
            byte[] bad = bytes.ToArray();
            bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                BlockDiff.Apply(older, bad, 1 << 20);
            }
            catch (FormatException)
            {
            }
        }
    }

    private static int ShouldComeBack(byte[] older, byte[] newer)
    {
        var bytes = new ByteWriter();
        BlockDiff.Write(bytes, older, newer);
        BlockDiff.Apply(older, bytes.Written, newer.Length).SequenceEqual(newer).ShouldBeTrue();
        return bytes.Length;
    }
}
