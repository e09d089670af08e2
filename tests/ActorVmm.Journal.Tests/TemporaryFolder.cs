namespace ActorVmm.Journal.Tests;

/// <summary>A folder of its own, gone with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("actorvmm-journal-").FullName;

    public string this[string name] => Path.Combine(_path, name);

    public string[] Files => [.. Directory.EnumerateFiles(_path).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
