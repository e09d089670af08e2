using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.RandomPrograms;

/// <summary>
/// The stack of one thread on x64 as fact book §12 describes it: 16 pages, of which the highest is committed at first and two below it are
/// guards. Pages are counted from the top, 0 being the highest.
/// </summary>
internal sealed class Stack(ulong lowest)
{
    public const int Pages = 16;
    private const int Guards = 2;

    /// <summary>The last page that can be touched without an overflow.</summary>
    private const int LastGood = Pages - 1 - 4;

    private readonly Dictionary<(int Page, int Offset), ulong> _words = [];
    private int _limit;
    private bool _unknown;
    private int _guards = Guards;

    public static ulong Bytes => (ulong)Pages << PageSize.Shift;

    public ulong Lowest => lowest;

    public ulong Top => lowest + Bytes;

    public ulong AddressOf(ProgramStep step) => Top - ((ulong)(step.Page + 1) << PageSize.Shift) + (ulong)step.Offset;

    /// <summary>What is wrong with the answer to an access; null when it is right.</summary>
    public string? Judge(ProgramStep step, Performed answer)
    {
        if (_unknown || answer.Status is NtStatus.InPageError or NtStatus.CommitmentLimit)
        {
            // Nobody knows how far it got before a page table could not be read or charged.
            _unknown = true;
            return null;
        }

        int page = step.Page;
        NtStatus expected = page <= _limit ? NtStatus.Success
            : page > _limit + _guards ? NtStatus.AccessViolation
            : page <= LastGood ? NtStatus.Success
            : NtStatus.StackOverflow;
        bool grows = page > _limit && page <= _limit + _guards;
        bool refused = grows && expected == NtStatus.Success && answer.Status == NtStatus.StackOverflow;
        if (answer.Status != expected && !refused)
        {
            return $"expected {expected}, got {answer.Status}";
        }

        if (grows)
        {
            Grow(page, refused);
        }

        if (answer.Status != NtStatus.Success)
        {
            return null;
        }

        if (step.Kind == StepKind.StackWrite)
        {
            _words[(page, step.Offset)] = step.Value;
            return null;
        }

        ulong last = _words.GetValueOrDefault((page, step.Offset));
        return answer.Size == last ? null : $"read {answer.Size} from the stack, and the last word stored was {last}";
    }

    private void Grow(int page, bool refused)
    {
        // At the end it depends on the ledger of the whole machine what is committed below.
        _unknown = page > LastGood;
        _guards = refused ? _limit + _guards - page : Guards;
        _limit = page;
    }
}
