using System.Security.Cryptography;

namespace ActorVmm.Journal.Campaigns;

/// <summary>Holders beside a journal's file: each keeps an empty file open, locked by the operating system.</summary>
internal sealed class FileHolders : IHolders
{
    private readonly string _journal;
    private readonly FileStream _held;

    /// <exception cref="IOException">No file can be made beside the journal.</exception>
    public FileHolders(string journal)
    {
        _journal = journal;
        Self = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        _held = Open(PathOf(Self), FileMode.CreateNew);
    }

    public string Self { get; }

    public bool IsGone(string holder)
    {
        if (!IsName(holder))
        {
            return true;
        }

        try
        {
            using FileStream found = Open(PathOf(holder), FileMode.Open);
            File.Delete(PathOf(holder));
            return true;
        }
        catch (FileNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        // Windows removes no file that is open, and lets go of the name with the handle.
        if (!OperatingSystem.IsWindows())
        {
            Remove();
            _held.Dispose();
            return;
        }

        _held.Dispose();
        Remove();
    }

    private void Remove()
    {
        try
        {
            File.Delete(PathOf(Self));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // An empty file that stays behind harms nobody: its lock is gone, and so is its holder.
            _ = error;
        }
    }

    /// <summary>A stranger's journal may say anything; only our own kind of name becomes part of a path.</summary>
    private static bool IsName(string holder) => holder.Length == 32 && holder.All(char.IsAsciiHexDigitLower);

    private string PathOf(string holder) => $"{_journal}-holder-{holder}";

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
