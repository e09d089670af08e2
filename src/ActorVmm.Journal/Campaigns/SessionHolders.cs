using System.Data.Common;
using System.Security.Cryptography;
using ActorVmm.Journal.Stores;

namespace ActorVmm.Journal.Campaigns;

/// <summary>Holders in a PostgreSQL database: each has an advisory lock of its name, which ends with its connection.</summary>
internal sealed class SessionHolders : IHolders
{
    private const string LockOf = "hashtextextended('actorvmm/holder/' || @holder, 0)";

    private readonly DbConnection _connection;

    public SessionHolders(DbConnection connection)
    {
        _connection = connection;
        Self = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        Ask($"SELECT pg_advisory_lock({LockOf})", Self);
    }

    public string Self { get; }

    public bool IsGone(string holder)
    {
        if (Ask($"SELECT pg_try_advisory_lock({LockOf})", holder) is not true)
        {
            return false;
        }

        Ask($"SELECT pg_advisory_unlock({LockOf})", holder);
        return true;
    }

    public void Dispose()
    {
        try
        {
            Ask($"SELECT pg_advisory_unlock({LockOf})", Self);
        }
        catch (Exception error) when (error is DbException or InvalidOperationException or IOException)
        {
            // Then the session ends with its connection, and its locks with it.
            _ = error;
        }
    }

    private object? Ask(string sql, string holder)
    {
        using DbCommand command = SqlStore.Command(_connection, sql, ("@holder", holder));
        return command.ExecuteScalar();
    }
}
