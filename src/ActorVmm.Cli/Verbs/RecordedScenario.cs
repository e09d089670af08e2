using System.CommandLine;
using System.Globalization;
using ActorVmm.Cli.CommandLine;
using ActorVmm.Explorer.Scenarios;
using ActorVmm.Journal.Events;
using ActorVmm.Workloads;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary>What a recorded run was a run of: the same input and the same files, by their hashes, with the same flags.</summary>
internal static class RecordedScenario
{
    public const string FilePrefix = "file:";

    /// <summary>The hashes of other files that the scenario was read from, as settings of the journal.</summary>
    public static IEnumerable<KeyValuePair<string, string>> FilesOf(Scenario scenario) =>
        scenario.Files.Select(file => new KeyValuePair<string, string>(FilePrefix + file.Path, file.Sha256));

    /// <summary>Those settings of a journal that are flags.</summary>
    public static IEnumerable<KeyValuePair<string, string>> FlagsOf(RunStarted started) =>
        started.Settings.Where(setting => !setting.Key.StartsWith(FilePrefix, StringComparison.Ordinal) && !setting.Key.StartsWith(RecordedFinding.Prefix, StringComparison.Ordinal));

    /// <summary>Loads it.</summary>
    /// <exception cref="InputException">It cannot be found again, or has changed; names the file.</exception>
    public static (RunVerb Verb, Settings Settings, Scenario Scenario) Load(RunStarted started)
    {
        if (RecordedFinding.Is(started) && RaceArgument.IsRace(started.InputPath))
        {
            (RunVerb none, Settings nothing) = Typed("-", []);
            return (none, nothing, RaceArgument.OfCommand(started.InputPath).Scenario(started.Seed));
        }

        if (started.InputPath is "-" && started.Input.IsEmpty)
        {
            throw new InputException(new Place("-"), "the run was read from standard input, which was too long to be kept: it cannot be replayed");
        }

        (RunVerb verb, Settings settings) = Typed(
            started.InputPath, FlagsOf(started), "--host", RecordedFinding.Is(started) ? "deterministic" : started.Host, "--seed", started.Seed.ToString(CultureInfo.InvariantCulture));
        Scenario scenario = verb.Load(started.InputPath, settings, () => new MemoryStream(started.Input.ToArray(), writable: false));
        try
        {
            Compare(started.InputPath, started.InputSha256, scenario.Sha256);
            foreach ((string name, string hash) in started.Settings.Where(setting => setting.Key.StartsWith(FilePrefix, StringComparison.Ordinal)))
            {
                string path = name[FilePrefix.Length..];
                Compare(path, hash, scenario.Files.FirstOrDefault(file => string.Equals(file.Path, path, StringComparison.Ordinal))?.Sha256 ?? hash);
            }

            return (verb, settings, RecordedFinding.Is(started) ? ScenarioSubject.Explored(scenario, RecordedFinding.WithoutOf(started)) : scenario);
        }
        catch
        {
            scenario.Dispose();
            throw;
        }
    }

    /// <summary>Flags of <c>run</c> as a journal keeps them, as if they had been typed.</summary>
    /// <param name="input">What is run.</param>
    /// <param name="flags">The flags; those that a user's file had said are as weak as they were there.</param>
    /// <param name="more">Further words.</param>
    public static (RunVerb Verb, Settings Settings) Typed(string input, IEnumerable<KeyValuePair<string, string>> flags, params string[] more)
    {
        var verb = new RunVerb();
        var root = new RootCommand { verb };
        ILookup<bool, KeyValuePair<string, string>> given = flags.ToLookup(flag => flag.Key.StartsWith(RunFlags.PreferredPrefix, StringComparison.Ordinal));
        string[] words = ["run", input, .. more, .. given[false].SelectMany(flag => (string[])[flag.Key, flag.Value])];
        var preferred = UserFile.Of(given[true].Select(flag => new KeyValuePair<string, string>(flag.Key[RunFlags.PreferredPrefix.Length..], flag.Value)));
        return (verb, new Settings(root.Parse(words), _ => null, preferred));
    }

    private static void Compare(string path, string recorded, string found)
    {
        if (!string.Equals(recorded, found, StringComparison.OrdinalIgnoreCase))
        {
            throw new InputException(new Place(path), $"it has changed since the run was recorded: its SHA-256 was {recorded} and is {found}");
        }
    }
}
