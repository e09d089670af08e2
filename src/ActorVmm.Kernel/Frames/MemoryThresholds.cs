namespace ActorVmm.Kernel.Frames;

/// <summary>
/// The numbers at which the memory manager starts and stops doing something, for a machine of a given size (fact book §1, §18,
/// §19). A policy that says 0 gets Windows' proportion.
/// </summary>
/// <param name="Low">Below this many available pages, working sets are trimmed.</param>
/// <param name="Plenty">Trimming stops here; above it processes may keep frames ready.</param>
/// <param name="ModifiedMaximum">0, or the modified pages at which writing starts whatever is available.</param>
public sealed record MemoryThresholds(int Low, int Plenty, int ModifiedMaximum)
{
    /// <summary>The most frames one request can be for: a page and the tables above it.</summary>
    private const int LargestRequest = 6;

    /// <summary>
    /// Half-way, and enough for any request: requests may wait for the writers alone while at least this many pages are available or coming, so that working sets
    /// are trimmed in rounds that are worth their cost.
    /// </summary>
    public int Comfort => Math.Max(Low + ((Plenty - Low) / 2), LargestRequest);

    /// <summary>At most this many available pages: programs are notified that memory is low; at three times as many, that it is high.</summary>
    public int LowNotification { get; init; }

    /// <summary>The writer does not start while more pages than this are zeroed or free (fact book §1).</summary>
    public const int WriterFreePages = 20_000;

    private const int WriterModifiedLimit = 16_384;

    /// <summary>Windows' 26 and 400 pages, less on machines where that would be most of memory.</summary>
    public static MemoryThresholds For(uint frames, MemoryPolicy policy)
    {
        int low = policy.LowAvailable > 0 ? policy.LowAvailable : (int)Math.Max(Math.Clamp(frames / 64, 4, 104), frames / 200);
        int plenty = policy.PlentyAvailable > 0 ? policy.PlentyAvailable : (int)Math.Clamp(frames / 10, low + 4, Math.Max(400, low * 2));
        int notification = policy.LowNotification > 0 ? policy.LowNotification : LowNotificationFor(frames);
        return new MemoryThresholds(low, Math.Max(plenty, low), policy.ModifiedMaximum) { LowNotification = notification };
    }

    /// <summary>
    /// Fact book §1: about 32 MB per 4 GB of memory, 64 MB at most. Below 128 MB it is what Windows calls plenty of free pages, 400 or, from
    /// 63 MB on, 800; and an eighth of memory on machines so small that no Windows would run on them.
    /// </summary>
    public static int LowNotificationFor(uint frames)
    {
        const uint Small = 0x8000;
        const uint Large = 0x4_0000;
        const uint Most = 16_384;
        uint plenty = frames >= 63 * 256 ? 800U : 400U;
        uint pages = frames switch
        {
            <= Small => plenty,
            <= Large => plenty + ((frames - Small) / 32),
            _ => 8192 + ((frames - Large) / 128),
        };
        return (int)Math.Min(Math.Min(pages, Most), Math.Max(frames / 8, 1));
    }

    /// <summary>Whether the modified list is long enough to be written (fact book §19).</summary>
    public bool WritingPays(int modified, int available, int zeroedAndFree) =>
        ModifiedMaximum > 0
            ? modified >= ModifiedMaximum
            : zeroedAndFree < WriterFreePages && modified > Math.Min(available / 16, WriterModifiedLimit);
}
