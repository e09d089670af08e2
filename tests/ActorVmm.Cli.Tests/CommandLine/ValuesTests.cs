using ActorVmm.Cli.CommandLine;

namespace ActorVmm.Cli.Tests.CommandLine;

public sealed class ValuesTests
{
    [Theory]
    [InlineData("10s", 10_000_000_000)]
    [InlineData("1.5ms", 1_500_000)]
    [InlineData("500us", 500_000)]
    [InlineData("500µs", 500_000)]
    [InlineData("0ns", 0)]
    [InlineData("5m", 300_000_000_000)]
    [InlineData("2h", 7_200_000_000_000)]
    public void ATimeHasAUnit(string text, long nanoseconds) => Values.Duration(text).Value.ShouldBe(nanoseconds);

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1,5s")]
    [InlineData("10 s")]
    [InlineData("1e9s")]
    [InlineData("9223372037s")]
    [InlineData("99999999999999999999999999999999s")]
    public void WhatIsNoTimeIsRefused(string text) => Should.Throw<FormatException>(() => Values.Duration(text));

    [Theory]
    [InlineData("plain-word_1.yaml", "plain-word_1.yaml")]
    [InlineData("two words", "'two words'")]
    [InlineData("it's", "'it'\\''s'")]
    [InlineData("", "''")]
    public void AWordIsQuotedWhereAShellNeedsIt(string word, string quoted) => Shell.Quote(word).ShouldBe(quoted);
}
