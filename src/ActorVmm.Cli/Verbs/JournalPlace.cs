using ActorVmm.Cli.CommandLine;
using ActorVmm.Journal.Reading;
using ActorVmm.Journal.Stores;

namespace ActorVmm.Cli.Verbs;

/// <summary>Where runs are recorded, and how a run in there is named.</summary>
internal static class JournalPlace
{
    /// <summary>Where runs are recorded when nobody says otherwise: in the working directory.</summary>
    public static readonly string Default = Path.Combine(".actorvmm", "journal.db");

    /// <summary>The word for not recording.</summary>
    public const string None = "none";

    /// <summary>The journal of a flag, or the usual one.</summary>
    public static string Of(Session session, Flag<string> flag) => Real(session.Settings.Text(flag)) ?? Default;

    /// <summary>The usual journal lies in a folder of its own, which is made; any other is the user's affair.</summary>
    public static string WithFolder(string place)
    {
        if (string.Equals(place, Default, StringComparison.Ordinal))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        }

        return place;
    }

    /// <summary>Opens the journal that an argument names, or that of the flag.</summary>
    public static IJournalStore Open(Session session, string? argument, Flag<string> flag) =>
        JournalStores.Open(argument ?? Of(session, flag));

    /// <summary>Opens what names a run: a journal, whose latest run it is, or an id or `latest` in the journal of the flag.</summary>
    public static (IJournalStore Store, RecordedRun Run) OpenRun(Session session, string argument, Flag<string> flag)
    {
        bool isJournal = JournalStores.IsPostgres(argument) || File.Exists(argument) || Directory.Exists(argument);
        IJournalStore store = JournalStores.Open(isJournal ? argument : Of(session, flag));
        try
        {
            return (store, new JournalReader(store).Open(isJournal ? JournalReader.Latest : argument));
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>The journal in which <see cref="OpenRun"/> finds what an argument names.</summary>
    public static string PlaceOf(Session session, string argument, Flag<string> flag) =>
        JournalStores.IsPostgres(argument) || File.Exists(argument) || Directory.Exists(argument) ? argument : Of(session, flag);

    private static string? Real(string? text) => string.Equals(text, None, StringComparison.Ordinal) ? null : text;
}
