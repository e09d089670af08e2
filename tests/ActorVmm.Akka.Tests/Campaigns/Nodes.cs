using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ActorVmm.Journal.Tests.Crashes;

namespace ActorVmm.Akka.Tests.Campaigns;

/// <summary>The program as a node: started, and heard line by line.</summary>
internal static class Nodes
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    /// <summary>Runs it to its end, telling every line that it prints.</summary>
    public static Actorvmm.Ended Run(string[] arguments, Action<JsonElement> heard) => Run(arguments, (_, line) => heard(line));

    /// <summary>Runs it to its end, telling every line that it prints.</summary>
    public static Actorvmm.Ended Run(string[] arguments, Action<Process, JsonElement> heard)
    {
        using Process process = StartIn("", Actorvmm.Command(arguments));
        try
        {
            Task<string> error = process.StandardError.ReadToEndAsync();
            var output = new StringBuilder();
            while (process.StandardOutput.ReadLine() is { } line)
            {
                output.Append(line).Append('\n');
                heard(process, JsonDocument.Parse(line).RootElement);
            }

            return Ended(process, output.ToString(), error);
        }
        finally
        {
            process.Kill();
        }
    }

    public static Actorvmm.Ended RunIn(string folder, params string[] arguments) => RunCommandIn(folder, Actorvmm.Command(arguments));

    public static Actorvmm.Ended RunCommandIn(string folder, string[] command)
    {
        using Process process = StartIn(folder, command);
        Task<string> error = process.StandardError.ReadToEndAsync();
        return Ended(process, process.StandardOutput.ReadToEnd(), error);
    }

    /// <summary>Starts it; nobody reads what it says.</summary>
    public static Process Start(params string[] arguments)
    {
        Process process = StartIn("", Actorvmm.Command(arguments));
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static Actorvmm.Ended Ended(Process process, string output, Task<string> error)
    {
        process.WaitForExit(_patience).ShouldBeTrue("it has not ended by itself");
        return new Actorvmm.Ended(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private static Process StartIn(string folder, string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (string name in start.Environment.Keys.Where(name => name.StartsWith("ACTORVMM_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(Path.GetTempPath(), "actorvmm-no-such-folder");
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }
}
