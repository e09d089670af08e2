using ActorVmm.Kernel.Tests.AddressSpaces;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.RandomPrograms;

/// <summary>
/// The memory of one thread as the thread sees it: which calls succeed and what may be touched (<see cref="FlatMemory"/>), and beside it the
/// words that were stored. A read returns the last word stored since the page was committed, or 0; after a reset the page keeps its words or has
/// none of them.
/// </summary>
internal sealed class Memory(ulong start)
{
    public const int Pages = 64;

    private readonly FlatMemory _flat = new();
    private readonly Dictionary<(ulong Page, int Offset), ulong> _words = [];
    private readonly HashSet<ulong> _reset = [];
    private readonly HashSet<(ulong Page, int Offset)> _storedSince = [];

    /// <summary>A mistake for tests of the tests: decommitted pages are believed to keep their words.</summary>
    public bool BelievesThatDecommittedPagesStay { get; init; }

    public ulong AddressOf(ProgramStep step) => start + ((ulong)step.Page << PageSize.Shift) + (IsAccess(step.Kind) ? (ulong)step.Offset : 0);

    /// <summary>The operation of a step; null for what is a call with words.</summary>
    public Operation? OperationOf(ProgramStep step)
    {
        ulong bytes = (ulong)step.Pages << PageSize.Shift;
        return step.Kind switch
        {
            StepKind.Reserve => new Operation(OperationKind.Reserve, start, bytes, PageProtection.ReadWrite),
            StepKind.ReserveCommit => new Operation(OperationKind.ReserveCommit, start, bytes, step.Protection),
            StepKind.Commit => new Operation(OperationKind.Commit, AddressOf(step), bytes, step.Protection),
            StepKind.Decommit => new Operation(OperationKind.Decommit, AddressOf(step), bytes),
            StepKind.Release => new Operation(OperationKind.Release, start),
            StepKind.Protect => new Operation(OperationKind.Protect, AddressOf(step), bytes, step.Protection),
            StepKind.Read => new Operation(OperationKind.Read, AddressOf(step), sizeof(ulong)),
            StepKind.Write => new Operation(OperationKind.Write, AddressOf(step), sizeof(ulong)),
            StepKind.Execute => new Operation(OperationKind.Execute, AddressOf(step)),
            _ => null,
        };
    }

    /// <summary>What is wrong with the answer to an operation; null when it is right.</summary>
    public string? Judge(ProgramStep step, Performed answer)
    {
        NtStatus excused = answer.Status is NtStatus.CommitmentLimit or NtStatus.InPageError ? answer.Status : NtStatus.Success;
        Operation operation = OperationOf(step)!.Value;
        NtStatus expected = _flat.Perform(operation, answer.Request, excused).Status;
        if (answer.Status != expected)
        {
            return $"expected {expected}, got {answer.Status}";
        }

        if (answer.Status != NtStatus.Success)
        {
            return null;
        }

        switch (step.Kind)
        {
            case StepKind.Decommit:
                Forget(AddressOf(step) >> PageSize.Shift, step.Pages);
                return null;
            case StepKind.Release:
                Forget(start >> PageSize.Shift, Pages);
                return null;
            case StepKind.Write:
                _words[(operation.Address >> PageSize.Shift, step.Offset)] = step.Value;
                _storedSince.Add((operation.Address >> PageSize.Shift, step.Offset));
                return null;
            case StepKind.Read:
                return Compare(operation.Address >> PageSize.Shift, step.Offset, answer.Size);
            default:
                return null;
        }
    }

    /// <summary>What is wrong with the answer to a reset.</summary>
    public string? JudgeReset(ProgramStep step, NtStatus status)
    {
        ulong first = AddressOf(step) >> PageSize.Shift;
        NtStatus expected = _flat.Contains(first, first + (ulong)step.Pages - 1) ? NtStatus.Success : NtStatus.ConflictingAddresses;
        for (ulong page = first; status == NtStatus.Success && page < first + (ulong)step.Pages; page++)
        {
            _reset.Add(page);
            _storedSince.RemoveWhere(word => word.Page == page);
        }

        return status == expected || status is NtStatus.InPageError or NtStatus.CommitmentLimit ? null : $"expected {expected}, got {status}";
    }

    private string? Compare(ulong page, int offset, ulong read)
    {
        ulong last = _words.GetValueOrDefault((page, offset));
        if (read == last)
        {
            return null;
        }

        if (read != 0 || !_reset.Contains(page) || _storedSince.Contains((page, offset)))
        {
            return $"read {read}, and the last word stored was {last}";
        }

        // What a reset gave up is gone for good.
        _words.Remove((page, offset));
        return null;
    }

    private void Forget(ulong first, int pages)
    {
        for (ulong page = first; page < first + (ulong)pages; page++)
        {
            _reset.Remove(page);
            for (int word = 0; word < ProgramStep.WordsUsed && !BelievesThatDecommittedPagesStay; word++)
            {
                _words.Remove((page, word * sizeof(ulong)));
            }
        }
    }

    private static bool IsAccess(StepKind kind) => kind is StepKind.Read or StepKind.Write or StepKind.Execute;
}
