using System.Diagnostics;
using System.Text.Json;

namespace ActorVmm.Cli.Tests;

/// <summary>Who is told to stop stops, says what there was, and is gone within two seconds.</summary>
public sealed class InterruptionTests
{
    private const string Endless = """
        version: 1
        name: endless
        machine: { ram: 1MiB, cpus: 2, pagingFiles: [ { size: 64MiB } ] }
        processes:
          one:
            count: 4
            phases:
              - reserve: { name: heap, size: 4MiB }
              - commit:  { region: heap }
              - touch:   { region: heap, pattern: random, writes: 50%, count: 1000000000 }
        """;

    /// <summary>Two seconds are promised on a computer that has nothing else to do; tests share theirs.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task ASignalEndsARunWithItsSummary(string signal, int code)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var folder = new TemporaryFolder();
        using Process process = Actorvmm.Start(new Actorvmm.Launch("run", folder.Write("endless.yaml", Endless), "--json", "--specifications", "off"));
        using var impatience = new CancellationTokenSource(_patience);
        string output;
        string error;
        try
        {
            // Once it has said its seed it listens to signals.
            (await process.StandardOutput.ReadLineAsync(impatience.Token)).ShouldNotBeNull().ShouldContain("\"seed\":1,");
            using (Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            {
                await kill.WaitForExitAsync(impatience.Token);
            }

            output = await process.StandardOutput.ReadToEndAsync(impatience.Token);
            error = await process.StandardError.ReadToEndAsync(impatience.Token);
            await process.WaitForExitAsync(impatience.Token);
        }
        finally
        {
            process.Kill();
        }

        process.ExitCode.ShouldBe(code);
        error.ShouldBeEmpty();
        using JsonDocument document = JsonDocument.Parse(output.TrimEnd().Split('\n')[^1]);
        document.RootElement.GetProperty("type").GetString().ShouldBe("summary");
        document.RootElement.GetProperty("end").GetString().ShouldBe("interrupted");
    }
}
