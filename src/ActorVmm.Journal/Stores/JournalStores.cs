namespace ActorVmm.Journal.Stores;

/// <summary>Opens the store that a text names: a path, or postgres://….</summary>
public static class JournalStores
{
    public static bool IsPostgres(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        return place.StartsWith("postgres://", StringComparison.Ordinal) || place.StartsWith("postgresql://", StringComparison.Ordinal);
    }

    /// <summary>Opens a journal, and makes it when it is not there.</summary>
    public static IJournalStore OpenOrCreate(string place) =>
        IsPostgres(place) ? PostgresStore.Open(place) : SqliteStore.Open(place, create: true);

    /// <summary>Opens a journal that is there.</summary>
    /// <exception cref="NoSuchRunException">It is not.</exception>
    public static IJournalStore Open(string place) =>
        IsPostgres(place) ? PostgresStore.Open(place) : SqliteStore.Open(place, create: false);
}
