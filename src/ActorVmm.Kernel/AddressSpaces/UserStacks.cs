namespace ActorVmm.Kernel.AddressSpaces;

/// <summary>
/// The stacks of a process's threads, by the number of the thread, and what was charged for their growth and is not committed yet, by the
/// row of the thread that grows one.
/// </summary>
internal sealed class UserStacks : IEncodable
{
    private UserStack[] _stacks = [];
    private StackCharge[] _charges = [];
    private int _count;
    private int _chargeCount;

    /// <summary>Threads with a number.</summary>
    public int Count => _count;

    /// <summary>Charges on their way.</summary>
    public int Asked => _charges.Take(_chargeCount).Count(charge => charge.IsAsked);

    /// <summary>Pages charged and not committed.</summary>
    public ulong Unused
    {
        get
        {
            ulong pages = 0;
            foreach (ref StackCharge charge in _charges.AsSpan(0, _chargeCount))
            {
                pages += charge.Pages;
            }

            return pages;
        }
    }

    public ref UserStack this[int number] => ref _stacks[number];

    /// <summary>Whether an address lies in the stack of a thread.</summary>
    public bool Has(int number, ulong address) => number >= 0 && number < _count && _stacks[number].Contains(address);

    public void Set(int number, in UserStack stack)
    {
        if (number >= _stacks.Length)
        {
            Array.Resize(ref _stacks, number + 1);
        }

        _count = Math.Max(_count, number + 1);
        _stacks[number] = stack;
    }

    public ref StackCharge ChargeOf(int row)
    {
        if (row >= _charges.Length)
        {
            Array.Resize(ref _charges, row + 1);
        }

        _chargeCount = Math.Max(_chargeCount, row + 1);
        return ref _charges[row];
    }

    public void Encode(StateCodec codec)
    {
        codec.Rows("user stacks", ref _stacks, ref _count);
        codec.Rows("stack charges", ref _charges, ref _chargeCount);
    }
}

/// <summary>What a thread has been charged for the growth of its stack in the fault it is in.</summary>
internal struct StackCharge : IEncodable
{
    public ulong Pages;
    public NtStatus Refused;
    public bool IsAsked;

    public void Encode(StateCodec codec)
    {
        codec.Field("stack pages charged", ref Pages);
        codec.Field("stack charge refused", ref Refused);
        codec.Field("stack charge asked", ref IsAsked);
    }
}
