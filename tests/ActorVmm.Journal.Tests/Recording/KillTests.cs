using System.Diagnostics;
using System.Globalization;

namespace ActorVmm.Journal.Tests.Recording;

/// <summary>A process that writes is killed, without warning: everything up to the last <c>durableThrough</c> it printed is there.</summary>
public sealed class KillTests : IDisposable
{
    private static readonly int _kills = Environment.GetEnvironmentVariable("ACTORVMM_LONG") is "1" ? 200 : 10;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatWasAcknowledgedIsThere()
    {
        var random = new Random(42);
        for (int i = 0; i < _kills; i++)
        {
            string stream = FormattableString.Invariant($"run/{i:D26}");
            long told = WriteAndKill(stream, lines: random.Next(1, 40), i);
            using IJournalStore store = JournalStores.Open(_folder["journal.db"]);
            StreamVerdict verdict = new JournalVerifier(store).Verify(stream);
            verdict.Condition.ShouldBe(StreamCondition.CutOff, verdict.Words);
            verdict.Deliveries.ShouldBeGreaterThanOrEqualTo(told);
            new JournalReader(store).Open("latest").Deliveries().ShouldBe(verdict.Deliveries);
        }

        // Killed again and again, the file is still one that a writer takes up.
        using IJournalStore last = JournalStores.OpenOrCreate(_folder["journal.db"]);
        Written.Run(last, "run/Z");
        new JournalVerifier(last).VerifyAll().ShouldAllBe(verdict => verdict.Condition != StreamCondition.Damaged);
    }

    private long WriteAndKill(string stream, int lines, int seed)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "ActorVmm.Journal.Tests.dll");
        using Process writer = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [program, "write", _folder["journal.db"], stream, seed.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        long told = 0;
        for (int i = 0; i < lines && writer.StandardOutput.ReadLine() is { } line; i++)
        {
            told = long.Parse(line, CultureInfo.InvariantCulture);
        }

        writer.Kill();
        while (writer.StandardOutput.ReadLine() is { } line)
        {
            told = long.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out long more) ? more : told;
        }

        writer.WaitForExit();
        told.ShouldBeGreaterThan(0);
        return told;
    }
}
