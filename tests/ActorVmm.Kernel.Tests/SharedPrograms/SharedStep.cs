namespace ActorVmm.Kernel.Tests.SharedPrograms;

/// <summary>What one step of a program with shared memory does.</summary>
internal enum SharedStepKind
{
    Map,
    Unmap,
    Commit,
    Flush,
    Read,
    Write,

    // What happens to the machine meanwhile.
    Trim,
    EmptyWorkingSets,
    FlushModified,
    ReadErrors,
    WriteErrors,
    SlowDevice,
    CloseHandle,
    Kill,
    Rest,
}

/// <summary>
/// A step: a call or an access of one thread in one of the places where its process maps things, or something that happens to the machine. A
/// program is a list of them, and any part of it is a program too.
/// </summary>
/// <param name="Kind">What.</param>
/// <param name="Process">Whose, or to whom.</param>
/// <param name="Thread">Which thread.</param>
/// <param name="Slot">Which place; the last is private memory.</param>
/// <param name="Page">First page in that place.</param>
/// <param name="Amount">Pages; for a map which section; for the machine how much.</param>
/// <param name="Protection">Of a map.</param>
/// <param name="Value">What is stored: no other step stores the same.</param>
/// <param name="Turns">How many turns the machine takes before the next step.</param>
internal sealed record SharedStep(
    SharedStepKind Kind, int Process, int Thread, int Slot, int Page, int Amount, Protocol.PageProtection Protection, ulong Value, int Turns)
{
    public int Offset => (int)(Value % 2) * sizeof(ulong);

    public bool IsOfThread => Kind < SharedStepKind.Trim;

    public bool IsAccess => Kind is SharedStepKind.Read or SharedStepKind.Write;

    public override string ToString() => Kind switch
    {
        SharedStepKind.Read => $"p{Process}.t{Thread} Read slot {Slot} page {Page} word {Value % 2}, {Turns} turns",
        SharedStepKind.Write => $"p{Process}.t{Thread} Write slot {Slot} page {Page} word {Value % 2} = {Value}, {Turns} turns",
        SharedStepKind.Map => $"p{Process}.t{Thread} Map section {Amount} from page {Page} at slot {Slot}, {Protection}, {Turns} turns",
        < SharedStepKind.Trim => $"p{Process}.t{Thread} {Kind} slot {Slot} page {Page} + {Amount}, {Turns} turns",
        _ => $"{Kind} p{Process}, page {Page}, {Amount}, {Turns} turns",
    };
}
