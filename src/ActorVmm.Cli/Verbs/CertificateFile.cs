using ActorVmm.Cli.Output;
using ActorVmm.Explorer;
using ActorVmm.Explorer.Exploring;
using ActorVmm.Machine.Campaigns;
using ActorVmm.Workloads;
using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Cli.Verbs;

/// <summary>Where the certificate of a proof stands: written by the first search, compared with what every later one comes to.</summary>
internal sealed class CertificateFile
{
    /// <summary>What follows the checkpoint's name when nobody names the certificate.</summary>
    public const string BesideCheckpoint = ".certificate.json";

    private readonly string _path;
    private readonly Certificate _search;
    private readonly Certificate? _before;

    /// <param name="path">The file; may be there.</param>
    /// <param name="subject">What is searched.</param>
    /// <param name="scenario">Its scenario; null for a race.</param>
    /// <param name="options">How it is searched.</param>
    /// <exception cref="InputException">The file is there and cannot be used.</exception>
    public CertificateFile(string path, ISubject subject, Scenario? scenario, ExplorationOptions options)
    {
        _path = path;
        _search = new Certificate
        {
            Program = VersionText.Line,
            Build = BuildIdentity.Of(typeof(Exploration).Assembly),
            Subject = subject.Command,
            ScenarioSha256 = scenario?.Sha256,
            Seed = scenario?.Seed ?? options.Setting.Seed,
            Strategy = ExplorationReport.NameOf(options.Strategy),
            Delivery = ExplorationReport.NameOf(options.Setting.Model),
            Timers = options.Setting.TimerFirings,
            Counts = options.SkipsKnownStates ? Certificate.States : Certificate.Traces,
        };
        _before = Read();
    }

    /// <summary>Writes the certificate, or compares it with the one that is there.</summary>
    public CertificateOutcome Settle(ExplorationResult result)
    {
        if (!result.Exhausted || result.ViolatingSchedules > 0 || result.Sum is not { } sum)
        {
            string why = result.ViolatingSchedules > 0 ? "a promise broke" : result.Exhausted ? "its checkpoint is of a version that did not sum up traces" : "the search is not done";
            return new CertificateOutcome(_path, CertificateState.None, $"no certificate in {_path}: {why}");
        }

        bool states = _search.Counts is Certificate.States;
        Certificate now = _search with
        {
            Count = states ? result.States : result.Traces,
            Violating = result.ViolatingSchedules,
            Blocked = states ? 0 : result.Blocked,
            Exhausted = true,
            Fingerprint = sum.ToString(),
            Seconds = Math.Round(result.Elapsed.TotalSeconds, 3),
        };
        if (_before is null)
        {
            OutputFile.Write(_path, file => file.WriteLine(now.ToString()));
            return new CertificateOutcome(_path, CertificateState.Written, $"certificate {now.Fingerprint} written to {_path}");
        }

        string build = string.Equals(_before.Build, now.Build, StringComparison.Ordinal) ? "the same build" : "another build";
        return now.OutcomeDiffers(_before) is { } difference
            ? new CertificateOutcome(_path, CertificateState.Differs, $"NOT what the certificate {_path} says, made by {build}: {difference}")
            : new CertificateOutcome(_path, CertificateState.Agrees, $"the same as the certificate {_path}, made by {build}: {now.Fingerprint}");
    }

    private Certificate? Read()
    {
        if (!File.Exists(_path))
        {
            return Directory.Exists(_path) ? throw new InputException(new Place(_path), "is a directory, not a certificate") : null;
        }

        Certificate read;
        try
        {
            read = Certificate.Parse(File.ReadAllText(_path));
        }
        catch (Exception error) when (error is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new InputException(new Place(_path), error.Message, cause: error);
        }

        if (read.Version > Certificate.CurrentVersion)
        {
            throw new Refusal(ExitCode.MadeByNewerVersion, FormattableString.Invariant($"{_path}: a certificate of version {read.Version}; this program reads version {Certificate.CurrentVersion}"));
        }

        return _search.SearchDiffers(read) is { } difference
            ? throw new InputException(new Place(_path), $"is a certificate of another search: this one has {difference}")
            : read;
    }
}

/// <summary>What became of a certificate.</summary>
internal enum CertificateState
{
    /// <summary>There is no proof.</summary>
    None,

    /// <summary>The proof was written down.</summary>
    Written,

    /// <summary>The search came to what the certificate says.</summary>
    Agrees,

    /// <summary>It did not.</summary>
    Differs,
}

/// <summary>What became of a certificate, and the sentence that says so.</summary>
internal sealed record CertificateOutcome(string Path, CertificateState State, string Words);
