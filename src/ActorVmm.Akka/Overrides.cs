using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using ActorVmm.Akka.Campaigns;
using ActorVmm.Akka.Recording;
using ActorVmm.Workloads;
using Akka.Actor;
using Akka.Configuration;

namespace ActorVmm.Akka;

/// <summary>
/// What a user's <c>akka.hocon</c> says on top of <see cref="HostConfiguration.Reference"/>. Keys of ours that nothing reads are
/// refused, so that a slip of the pen does not go unnoticed.
/// </summary>
public sealed partial class Overrides
{
    /// <summary>What such a file is called.</summary>
    public const string FileName = "akka.hocon";

    private const string Ours = "actorvmm.";

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>What any dispatcher and any mailbox may be told, besides what ours are told.</summary>
    private static readonly (string Section, Config Known)[] _kinds =
    [
        ("actorvmm.dispatchers.", ConfigurationFactory.Default().GetConfig("akka.actor.default-dispatcher")
            .WithFallback(ConfigurationFactory.ParseString("dedicated-thread-pool { thread-count = 1, threadtype = background, deadlock-timeout = 3s }"))),
        ("actorvmm.mailboxes.", ConfigurationFactory.Default().GetConfig("akka.actor.default-mailbox")),
    ];

    private readonly string _file;
    private readonly IReadOnlyList<HoconKey> _keys;
    private readonly Config _said;

    private Overrides(string file, string text)
    {
        _file = file;
        _keys = HoconScanner.KeysOf(file, text);
        _said = Parse(file, text);
    }

    /// <summary>Nothing is different.</summary>
    public static Overrides None { get; } = new("", "");

    /// <summary>The defaults with these on top.</summary>
    public Config Configuration => _said.WithFallback(HostConfiguration.Defaults);

    /// <summary>Reads the first of these files that is there; <see cref="None"/> when none is.</summary>
    /// <exception cref="InputException">It cannot be read, is no HOCON, or says something that nobody knows.</exception>
    public static Overrides Find(IEnumerable<string> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.FirstOrDefault(Path.Exists) is { } file ? Read(file) : None;
    }

    /// <exception cref="InputException">It cannot be read, is no HOCON, or says something that nobody knows.</exception>
    public static Overrides Read(string file)
    {
        try
        {
            return Of(file, _utf8.GetString(File.ReadAllBytes(file)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw new InputException(new Place(file), error is DecoderFallbackException ? "it is not UTF-8" : error.Message, cause: error);
        }
    }

    /// <summary>The same for text that is no file's.</summary>
    /// <param name="name">What it is called in a refusal.</param>
    /// <param name="text">HOCON.</param>
    /// <exception cref="InputException">It is no HOCON, or says something that nobody knows.</exception>
    public static Overrides Of(string name, string text)
    {
        var overrides = new Overrides(name, text);
        foreach (HoconKey key in overrides._keys)
        {
            if ((key.Path + ".").StartsWith(Ours, StringComparison.Ordinal) && !IsKnown(key.Path))
            {
                throw new InputException(key.Place, $"nothing reads `{key.Path}`; src/ActorVmm.Akka/reference.conf has every key with its default");
            }
        }

        return overrides;
    }

    /// <summary>Makes an actor system and what it dispatches by.</summary>
    /// <param name="name">The system's.</param>
    /// <param name="above">What counts more than these, such as <see cref="Recording.RecordingConfiguration"/>; nothing when left out.</param>
    /// <param name="below">What counts less than these and more than the other defaults; nothing when left out.</param>
    /// <exception cref="InputException">A value makes no sense there.</exception>
    public ActorSystem Start(string name, Config? above = null, Config? below = null)
    {
        ActorSystem? system = null;
        string section = "";
        try
        {
            Config configuration = below is null ? Configuration : _said.WithFallback(below).WithFallback(HostConfiguration.Defaults);
            system = ActorSystem.Create(name, above?.WithFallback(configuration) ?? configuration);
            foreach (string kind in Roles.Names)
            {
                section = Roles.DispatcherOf(kind);
                _ = system.Dispatchers.Lookup(section).Throughput;
                section = Roles.MailboxOf(kind);
                ((ExtendedActorSystem)system).Mailboxes.Lookup(section);
            }

            section = RecorderSettings.Section;
            _ = RecorderSettings.Of(system.Settings.Config);
            section = CampaignSettings.Section;
            _ = CampaignSettings.Of(system.Settings.Config);
            return system;
        }
        catch (Exception cause) when (_keys.Count > 0)
        {
            system?.Dispose();
            Place place = _keys.FirstOrDefault(key => section.Length > 0 && key.Path.StartsWith(section, StringComparison.Ordinal)).Place;
            throw new InputException(place.File is null ? new Place(_file) : place, $"Akka.NET does not take it: {cause.GetBaseException().Message}", cause: cause);
        }
    }

    private static Config Parse(string file, string text)
    {
        try
        {
            return ConfigurationFactory.ParseString(text);
        }
        catch (Exception cause)
        {
            string said = cause.GetBaseException().Message.Split('\n')[0].TrimEnd(' ', ':');
            Match position = Position().Match(said);
            int line = position.Success ? text.AsSpan(0, Math.Min(text.Length, int.Parse(position.Groups[1].ValueSpan, CultureInfo.InvariantCulture))).Count('\n') + 1 : 0;
            throw new InputException(new Place(file, line), "Akka.NET does not take it: " + said, cause: cause);
        }
    }

    [GeneratedRegex(@"position (\d+)", RegexOptions.None, 1000)]
    private static partial Regex Position();

    private static bool IsKnown(string path) =>
        HostConfiguration.Reference.HasPath(path) || _kinds.Any(kind => IsKnown(path, kind.Section, kind.Known));

    private static bool IsKnown(string path, string section, Config known)
    {
        int dot = path.StartsWith(section, StringComparison.Ordinal) ? path.IndexOf('.', section.Length) : -1;
        return dot > 0 && Roles.Names.Contains(path[section.Length..dot], StringComparer.Ordinal) && known.HasPath(path[(dot + 1)..]);
    }
}
