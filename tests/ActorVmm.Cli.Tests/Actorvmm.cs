using System.Diagnostics;
using System.Text;

namespace ActorVmm.Cli.Tests;

/// <summary>The built program, launched as a user would.</summary>
internal static class Actorvmm
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private static readonly string _program = Path.Combine(AppContext.BaseDirectory, "actorvmm.dll");

    public static Ended Run(params string[] arguments) => Run(new Launch(arguments));

    public static Ended Run(Launch launch)
    {
        using Process process = Start(launch);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(launch.Input);
        process.StandardInput.Close();
        process.WaitForExit(_patience).ShouldBeTrue("the program has not ended by itself");
        return new Ended((ExitCode)process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    public static Process Start(Launch launch)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [_program, .. launch.Arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
            WorkingDirectory = launch.Folder ?? AppContext.BaseDirectory,
        };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("ACTORVMM_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        // Nobody's own defaults decide what a test sees.
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(Path.GetTempPath(), "actorvmm-no-such-folder");
        start.Environment["ACTORVMM_JOURNAL"] = "none"; // runs of tests leave nothing behind, and do not wait for each other
        start.Environment["APPDATA"] = start.Environment["XDG_CONFIG_HOME"];
        foreach ((string name, string value) in launch.Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start) ?? throw new InvalidOperationException("dotnet cannot be started");
    }

    /// <summary>How the program is launched.</summary>
    public sealed record Launch(params string[] Arguments)
    {
        public string Input { get; init; } = "";

        public string? Folder { get; init; }

        public Dictionary<string, string> Environment { get; init; } = [];
    }

    /// <summary>How the program ended.</summary>
    public sealed record Ended(ExitCode Code, string Output, string Error)
    {
        /// <summary>Nobody but the author of a bug wants to see a stack trace.</summary>
        public void ShouldHoldNoStackTrace()
        {
            Error.ShouldNotContain("   at ");
            Error.ShouldNotContain("Exception");
            Output.ShouldNotContain("   at ");
        }
    }
}
