using ActorVmm.Actors;
using ActorVmm.Kernel;
using ActorVmm.Machine.Timelines;
using ActorVmm.Machine.Words;
using ActorVmm.Runtime;

namespace ActorVmm.Machine.Views;

/// <summary>What a view looks at: a machine at one point of its run, and what its actors are called.</summary>
public sealed record Sight(SimulatedMachine Machine, IActorNames Names)
{
    public static Sight Of(ITimeline timeline) => new((timeline ?? throw new ArgumentNullException(nameof(timeline))).Machine, timeline.Names);

    /// <summary>The host, as far as it lets itself be looked into.</summary>
    public IInspectedHost? Host => Machine.Host as IInspectedHost;

    /// <summary>The process of an actor id; null when it is none, or gone.</summary>
    public Process? ProcessOf(ActorId actor) => Host?.ActorOf(actor) as Process;

    public string NameOf(Process process) => FormattableString.Invariant($"{(process ?? throw new ArgumentNullException(nameof(process))).Plan.Name}#{process.Serial}");
}

/// <summary>A view, in the debugger's words.</summary>
/// <param name="Name">What it is asked by.</param>
/// <param name="Arguments">What it takes, for people; in brackets what may be left out.</param>
/// <param name="Description">What it shows.</param>
/// <param name="Draw">Draws it; the arguments are as many as it takes.</param>
public sealed record MachineView(string Name, string Arguments, string Description, Func<Sight, IReadOnlyList<string>, Sheet> Draw)
{
    public static readonly IReadOnlyList<MachineView> All =
    [
        new("memusage", "", "every frame by the list it is on, and who uses memory (!memusage)", MemoryUsage.Draw),
        new("vm", "", "memory, paging files, commitment, and processes by commit (!vm)", VirtualMemory.Draw),
        new("pfn", "<frame>", "an entry of the PFN database; the frame in hexadecimal (!pfn)", PfnEntryView.Draw),
        new("pte", "<process> <address>", "the page walk of an address, entry by entry (!pte)", PageWalkView.Draw),
        new("vad", "<process>", "the virtual address descriptors of a process (!vad)", VadListView.Draw),
        new("process", "[process]", "all processes, or one with its threads; by name or serial number (!process)", ProcessListView.Draw),
        new("pagingfiles", "", "the paging files: size, usage, what is in their queues", PagingFilesView.Draw),
        new("devices", "", "device stacks with their packets (!devstack, !irp), and the devices of paging files with their transfers", DevicesView.Draw),
        new("pools", "", "paged and non-paged pool: limits, what is allocated, how much of it is in memory (!vm, !poolused)", PoolsView.Draw),
        new("sections", "", "sections: size, views, commitment, and their prototype PTEs by state (!ca)", SectionsView.Draw),
        new("messages", "", "what has not been heard yet: mailboxes, messages under way, timers", MessagesView.Draw),
    ];

    public int LeastArguments => Arguments.Count(letter => letter == '<');

    public int MostArguments => Arguments.Count(letter => letter is '<' or '[');

    public static MachineView? Find(string name) => All.FirstOrDefault(view => string.Equals(view.Name, name, StringComparison.Ordinal));
}

/// <summary>What a view was asked for is not what it takes, or does not exist at this point; says what would.</summary>
public sealed class ViewException(string sentence, bool malformed = false) : Exception(sentence)
{
    /// <summary>It could not exist on any machine.</summary>
    public bool Malformed { get; } = malformed;
}
