namespace ActorVmm.Journal.Stores;

/// <summary>
/// The lock that a writer of a journal's file holds: an empty file beside it, locked by the operating system, so that the lock ends
/// with the process, however that ends. The file goes when the writer lets go.
/// <para>
/// 1. Whoever lets go removes the file while he still holds it. 2. Another may have opened that very file a moment before and now
/// hold a lock that nobody will ever meet. So whoever has a lock makes sure that the file under its name is the one he holds: to
/// open that a second time must fail. If it does not, he begins again.
/// </para>
/// </summary>
internal sealed class WriterLock : IDisposable
{
    private const string Suffix = "-lock";
    private const int Tries = 16;

    private readonly string _path;
    private readonly FileStream _held;

    private WriterLock(string path, FileStream held) => (_path, _held) = (path, held);

    /// <summary>Takes the lock of a journal.</summary>
    /// <exception cref="JournalStorageException">Somebody else has it, or it cannot be had here.</exception>
    public static WriterLock Take(string journal)
    {
        string path = journal + Suffix;
        try
        {
            for (int left = Tries; ; left--)
            {
                FileStream held = Open(path, FileMode.OpenOrCreate);

                // Where files cannot be locked at all the second one always opens: there, nothing keeps two writers apart.
                if (left == 0 || IsUnderItsName(path))
                {
                    return new WriterLock(path, held);
                }

                held.Dispose();
            }
        }
        catch (DirectoryNotFoundException error)
        {
            throw new JournalStorageException($"{journal} cannot be written: its folder does not exist", error);
        }
        catch (IOException error)
        {
            throw new JournalStorageException($"{journal} is locked by another writer", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new JournalStorageException($"{journal} cannot be written: {error.Message}", error);
        }
    }

    public void Dispose()
    {
        // Windows removes no file that is open; there it stays.
        if (!OperatingSystem.IsWindows() && _held.CanRead)
        {
            try
            {
                File.Delete(_path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // An empty file that stays behind harms nobody.
            }
        }

        _held.Dispose();
    }

    private static bool IsUnderItsName(string path)
    {
        try
        {
            Open(path, FileMode.Open).Dispose();
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
