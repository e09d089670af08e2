using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.RandomPrograms;

/// <summary>What one step of a random program does.</summary>
internal enum StepKind
{
    Reserve,
    ReserveCommit,
    Commit,
    Decommit,
    Release,
    Protect,
    Read,
    Write,
    Execute,
    Reset,
    Prefetch,
    StackWrite,
    StackRead,

    // What happens to the machine meanwhile.
    Trim,
    EmptyWorkingSets,
    Flush,
    ReadErrors,
    WriteErrors,
    SlowDevice,
    BadFrame,
    Kill,
    Rest,
}

/// <summary>
/// A step of a random program: a call or an access of one thread of one process in memory of its own, or something that happens to the
/// machine. A program is a list of them, and any part of it is a program too, so that a failure can be shrunk.
/// </summary>
/// <param name="Kind">What.</param>
/// <param name="Process">Whose, or to whom.</param>
/// <param name="Thread">Which thread.</param>
/// <param name="Page">First page in the thread's memory; pages below the top of its stack.</param>
/// <param name="Pages">How many pages; for the machine, how much.</param>
/// <param name="Protection">Of calls that take one.</param>
/// <param name="Value">What is stored, never 0.</param>
/// <param name="Turns">How many turns the machine takes before the next step.</param>
internal sealed record ProgramStep(StepKind Kind, int Process, int Thread, int Page, int Pages, PageProtection Protection, ulong Value, int Turns)
{
    /// <summary>Words of a page that are used.</summary>
    public const int WordsUsed = 2;

    /// <summary>Where the value is stored in its page: each page has two words that are used.</summary>
    public int Offset => (int)(Value % WordsUsed) * sizeof(ulong);

    public bool IsOfThread => Kind < StepKind.Trim;

    public override string ToString() => Kind switch
    {
        StepKind.Read or StepKind.StackRead => $"p{Process}.t{Thread} {Kind} page {Page} word {Value % WordsUsed}, {Turns} turns",
        StepKind.Write or StepKind.StackWrite => $"p{Process}.t{Thread} {Kind} page {Page} word {Value % WordsUsed} = {Value}, {Turns} turns",
        < StepKind.Trim => $"p{Process}.t{Thread} {Kind} page {Page} + {Pages}, {Protection}, {Turns} turns",
        _ => $"{Kind} p{Process}, {Pages}, {Turns} turns",
    };
}
