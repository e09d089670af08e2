using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace ActorVmm.Journal.Tests.Stores;

/// <summary>
/// A PostgreSQL server of these tests' own, on the loopback address and a port of its own, in a temporary folder; stopped
/// afterwards. PostgreSQL refuses to run as root, so there it runs as the user that its package made.
/// </summary>
[CollectionDefinition(nameof(PrivateServer))]
public sealed class PrivateServer : ICollectionFixture<PrivateServer>, IDisposable
{
    private const string Missing = "the tests of the PostgreSQL store need a server's programs (initdb, postgres): install them, on Debian and Ubuntu with `apt-get install postgresql`";

    private readonly string _folder = Path.Combine("/tmp", "actorvmm-postgres-" + Guid.NewGuid().ToString("N")[..12]);
    private readonly string _binaries = Binaries();
    private readonly int _port = FreePort();
    private int _databases;

    public PrivateServer()
    {
        Directory.CreateDirectory(_folder);
        if (Environment.IsPrivilegedProcess)
        {
            Run("chown", "postgres", _folder);
        }

        AsServer("initdb", "-D", _folder + "/data", "-U", "tests", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C");
        Start();
    }

    public void Start() =>
        AsServer("pg_ctl", "-D", _folder + "/data", "-l", _folder + "/log", "-w", "-t", "60", "-o", FormattableString.Invariant($"-p {_port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={_folder} -c fsync=off"), "start");

    /// <summary>Everybody who is connected loses the connection at once.</summary>
    public void Stop() => AsServer("pg_ctl", "-D", _folder + "/data", "-m", "immediate", "-w", "stop");

    /// <summary>The address of an empty database.</summary>
    public string NewDatabase()
    {
        string name = FormattableString.Invariant($"journal{Interlocked.Increment(ref _databases)}");
        Execute(Address("postgres"), $"CREATE DATABASE {name}");
        return Address(name);
    }

    public void Execute(string address, string sql)
    {
        var uri = new Uri(address);
        using var connection = new NpgsqlConnection($"Host={uri.Host};Port={uri.Port};Username=tests;Database={uri.AbsolutePath[1..]};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public void Dispose()
    {
        Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private string Address(string database) => FormattableString.Invariant($"postgres://tests@127.0.0.1:{_port}/{database}");

    private static string Binaries()
    {
        IEnumerable<string> installed = Directory.Exists("/usr/lib/postgresql")
            ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(version => version + "/bin")
            : [];
        return installed.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)).FirstOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            ?? throw new InvalidOperationException(Missing);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private void AsServer(string program, params string[] arguments)
    {
        string path = Path.Combine(_binaries, program);
        if (Environment.IsPrivilegedProcess)
        {
            Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }

    private void Run(string program, params string[] arguments)
    {
        // The server inherits what this process would read from, so nothing is read: it goes to a file of the server's.
        string words = string.Join(' ', arguments.Select(argument => $"'{argument}'"));
        using Process process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"{program} {words} >>'{_folder}.out' 2>&1 </dev/null"]) { WorkingDirectory = "/tmp" })!;
        process.WaitForExit();
        string said = File.ReadAllText(_folder + ".out");
        File.Delete(_folder + ".out");
        process.ExitCode.ShouldBe(0, $"{program} {words}\n{said}");
    }
}
