using System.Runtime.CompilerServices;
using ActorVmm.Protocol;

namespace ActorVmm.Workloads.Generators;

/// <summary>Accesses to the pages of a stretch of memory, in an order, a share of them writes.</summary>
public sealed class TouchPhase : Phase
{
    /// <summary>After this many accesses a window of <see cref="AccessOrder.Local"/> moves.</summary>
    public const int WindowAccesses = 4096;

    /// <summary>Chance of a write that is certain.</summary>
    public const ulong Always = 1UL << 32;

    private const ulong AccessBytes = 8;
    private const ulong WriteSalt = 0x6A09_E667_F3BC_C909;

    private readonly ulong _address;
    private readonly ulong _pages;
    private readonly AccessPattern _pattern;
    private readonly Distribution? _ranks;
    private readonly ulong _writes;
    private readonly bool _steady;

    /// <summary>A phase of accesses.</summary>
    /// <param name="address">Of the first page.</param>
    /// <param name="pages">How many pages, at least one.</param>
    /// <param name="pattern">In which order.</param>
    /// <param name="writes">Chance of a write in 1 / 2^32; 2^32 is always.</param>
    /// <param name="count">How many accesses.</param>
    /// <param name="ranks">Ranks from 0 to pages − 1, for <see cref="AccessOrder.Zipf"/>; may be shared.</param>
    public TouchPhase(ulong address, ulong pages, AccessPattern pattern, ulong writes, long count, Distribution? ranks = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(pages);
        _address = address;
        _pages = pages;
        _steady = writes is 0 or Always;
        _pattern = pattern with { Pages = Math.Clamp(pattern.Pages, 1, pages) };
        _writes = writes;
        _ranks = pattern.Order == AccessOrder.Zipf ? ranks ?? Distribution.Zipf((long)pages, pattern.Exponent) : null;
        Length = count;
    }

    public override long Length { get; }

    public override int Fill(long at, ulong noise, Span<Operation> operations)
    {
        int count = (int)Math.Min(operations.Length, Length - at);
        operations = operations[..count];
        switch (_pattern.Order)
        {
            case AccessOrder.Sequential:
                FillSequential((ulong)at % _pages, noise, operations);
                break;
            case AccessOrder.Uniform:
                FillUniform(noise, operations);
                break;
            case AccessOrder.Zipf:
                FillZipf(noise, operations);
                break;
            case AccessOrder.Stride:
                FillStride((ulong)at % _pages, noise, operations);
                break;
            case AccessOrder.Local:
                FillLocal((ulong)at, noise, operations);
                break;
        }

        return count;
    }

    private void FillSequential(ulong page, ulong noise, Span<Operation> operations)
    {
        unchecked
        {
            for (int i = 0; i < operations.Length; i++)
            {
                operations[i] = Access(page, IsWrite(noise + (ulong)i));
                page = page + 1 == _pages ? 0 : page + 1;
            }
        }
    }

    private void FillUniform(ulong noise, Span<Operation> operations)
    {
        unchecked
        {
            for (int i = 0; i < operations.Length; i++)
            {
                ulong page = Math.BigMul(Mix.Spread(noise + (ulong)i), _pages, out ulong rest);
                operations[i] = Access(page, (rest >> 32) < _writes);
            }
        }
    }

    private void FillZipf(ulong noise, Span<Operation> operations)
    {
        unchecked
        {
            for (int i = 0; i < operations.Length; i++)
            {
                operations[i] = Access((ulong)_ranks!.Sample(Mix.Spread(noise + (ulong)i)), IsWrite(noise + (ulong)i));
            }
        }
    }

    /// <summary>Access k of a round of all pages: the lanes 0, 1, … of the step, each from its start to the end of memory.</summary>
    private void FillStride(ulong k, ulong noise, Span<Operation> operations)
    {
        unchecked
        {
            // The first lanes are one page longer when the step does not divide the pages.
            ulong step = _pattern.Pages;
            ulong longer = _pages % step;
            ulong laneLength = _pages / step;
            ulong inLonger = longer * (laneLength + 1);
            ulong lane = k < inLonger ? k / (laneLength + 1) : longer + ((k - inLonger) / laneLength);
            ulong row = k < inLonger ? k % (laneLength + 1) : (k - inLonger) % laneLength;
            ulong page = lane + (row * step);
            for (int i = 0; i < operations.Length; i++)
            {
                operations[i] = Access(page, IsWrite(noise + (ulong)i));
                page += step;
                if (page >= _pages)
                {
                    lane = lane + 1 == step ? 0 : lane + 1;
                    page = lane;
                }
            }
        }
    }

    private void FillLocal(ulong at, ulong noise, Span<Operation> operations)
    {
        unchecked
        {
            ulong places = _pages - _pattern.Pages + 1;
            int i = 0;
            while (i < operations.Length)
            {
                // The window depends on which stretch of accesses this is: on the seed and the stretch's first position.
                ulong into = (at + (ulong)i) & (WindowAccesses - 1);
                ulong window = Math.BigMul(Mix.Spread(noise + (ulong)i - into), places, out _);
                int end = Math.Min(operations.Length, i + WindowAccesses - (int)into);
                for (; i < end; i++)
                {
                    ulong bits = Mix.Spread(noise + (ulong)i + WriteSalt);
                    bool near = bits <= _pattern.Chance;
                    ulong page = Math.BigMul(bits * WriteSalt, near ? _pattern.Pages : _pages, out ulong rest) + (near ? window : 0);
                    operations[i] = Access(page, (rest >> 32) < _writes);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool IsWrite(ulong noise) => _steady ? _writes != 0 : (Mix.Spread(noise ^ WriteSalt) >> 32) < _writes;

    /// <summary>Read is 0 and Write 1: no branch, which would be guessed wrong every third time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Operation Access(ulong page, bool write) =>
        new((OperationKind)Unsafe.BitCast<bool, byte>(write), unchecked(_address + (page << PageSize.Shift)), AccessBytes);
}
