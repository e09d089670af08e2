namespace ActorVmm.Actors.Tests;

public sealed class FingerprintTests
{
    [Fact]
    public void AFingerprintPrintsAs32DigitsAndParsesBack()
    {
        Fingerprint fingerprint = new(0x0123_4567_89AB_CDEF, 0x0000_0000_0000_00FF);

        fingerprint.ToString().ShouldBe("0123456789abcdef00000000000000ff");
        Fingerprint.TryParse(fingerprint.ToString(), out Fingerprint parsed).ShouldBeTrue();
        parsed.ShouldBe(fingerprint);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdef00000000000000f")]
    [InlineData("0123456789abcdef00000000000000fff")]
    [InlineData("0123456789abcdeg00000000000000ff")]
    [InlineData(" 123456789abcdef00000000000000ff")]
    public void WhatIsNoFingerprintIsRefused(string? text) => Fingerprint.TryParse(text, out _).ShouldBeFalse();

    [Fact]
    public void PartsAreCombinedWithoutOrderAndWordsInOrder()
    {
        Fingerprint a = Of(1, 2), b = Of(2, 1), c = Of(3);

        a.ShouldNotBe(b);
        a.With(b).With(c).ShouldBe(c.With(a).With(b));
        a.With(a).ShouldNotBe(default);
        Of().ShouldNotBe(Of(0));
        Of(0).ShouldNotBe(Of(0, 0));
    }

    [Fact]
    public void NearbyWordsGiveUnrelatedFingerprints()
    {
        HashSet<ulong> high = [], low = [];
        for (ulong i = 0; i < 300; i++)
        {
            for (ulong j = 0; j < 300; j++)
            {
                Fingerprint fingerprint = Of(i, j);
                high.Add(fingerprint.High).ShouldBeTrue();
                low.Add(fingerprint.Low).ShouldBeTrue();
            }
        }
    }

    [Fact]
    public void IdentitiesOfChildrenDifferAllOverTheTree()
    {
        HashSet<ActorIdentity> seen = [];
        ActorIdentity parent = ActorIdentity.Outside;
        for (int depth = 0; depth < 50; depth++)
        {
            for (int count = 0; count < 1_000; count++)
            {
                seen.Add(parent.Child(count)).ShouldBeTrue();
            }

            parent = parent.Child(depth);
        }
    }

    private static Fingerprint Of(params ReadOnlySpan<ulong> words)
    {
        FingerprintBuilder builder = new(0);
        foreach (ulong word in words)
        {
            builder.Add(word);
        }

        return builder.Build();
    }
}
