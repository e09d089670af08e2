using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace ActorVmm.Journal.Tests.Crashes;

/// <summary>The program as it is installed, started as a process of its own that may come to any end.</summary>
internal static class Actorvmm
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(3);

    private static readonly string _program = Path.Combine(AppContext.BaseDirectory, "actorvmm.dll");

    public static string[] Command(params string[] arguments) => [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", _program, .. arguments];

    public static Ended Run(params string[] arguments) => RunCommand(Command(arguments));

    /// <param name="command">The program and its arguments.</param>
    /// <param name="whileItRuns">What is done to it meanwhile.</param>
    /// <param name="acknowledged">Called with every <c>durableThrough</c> that it prints.</param>
    public static Ended RunCommand(string[] command, Action<Process>? whileItRuns = null, Action<Process, long>? acknowledged = null)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("ACTORVMM_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(Path.GetTempPath(), "actorvmm-no-such-folder");
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string> output = Task.Run(() => Read(process, acknowledged));
        Task<string> error = process.StandardError.ReadToEndAsync();
        whileItRuns?.Invoke(process);
        process.WaitForExit(_patience).ShouldBeTrue($"it has not ended by itself: {string.Join(' ', command)}");
        return new Ended(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Everything that it prints; of a killed program perhaps without the last line's end.</summary>
    private static string Read(Process process, Action<Process, long>? acknowledged)
    {
        var output = new StringBuilder();
        int line = 0;
        for (int next; (next = process.StandardOutput.Read()) >= 0;)
        {
            output.Append((char)next);
            if (next == '\n')
            {
                if (acknowledged is not null && DurableThroughOf(JsonDocument.Parse(output.ToString(line, output.Length - line)).RootElement) is > 0 and var last)
                {
                    acknowledged(process, last);
                }

                line = output.Length;
            }
        }

        return output.ToString();
    }

    private static long DurableThroughOf(JsonElement line) => line.TryGetProperty("durableThrough", out JsonElement last) ? last.GetInt64() : 0;

    /// <summary>How the program ended.</summary>
    public sealed record Ended(int Code, string Output, string Error)
    {
        /// <summary>The last acknowledgement that was printed; 0 when there was none.</summary>
        public long DurableThrough => Lines.Select(DurableThroughOf).LastOrDefault(last => last > 0);

        /// <summary>The last line, of a program that came to its end.</summary>
        public JsonElement Summary => Lines[^1];

        public bool WasKilled => Code is 137;

        /// <summary>Whole lines only: a killed program may leave half of one.</summary>
        private JsonElement[] Lines => [.. Output[..(Output.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
