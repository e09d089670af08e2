using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.SharedPrograms;

/// <summary>What a process has at one of its places, as far as answers have told it.</summary>
/// <param name="Backing">Whose pages; −1 for private memory.</param>
/// <param name="First">First page of it.</param>
/// <param name="Pages">How many.</param>
/// <param name="Protection">What may be done.</param>
internal sealed record SharedView(int Backing, int First, int Pages, PageProtection Protection)
{
    /// <summary>Words of pages that are this process's own: of private memory, and of what was copied for it.</summary>
    public Dictionary<int, Dictionary<int, ulong>> Own { get; } = [];

    public bool IsPrivate => Backing < 0;

    public bool Allows(SharedStep step) => step.Page < Pages && (step.Kind == SharedStepKind.Read || Protection != PageProtection.ReadOnly);

    /// <summary>The process's own page; null when it shares it with others.</summary>
    public Dictionary<int, ulong>? OwnPage(int page)
    {
        if (IsPrivate && !Own.ContainsKey(page))
        {
            Own.Add(page, []);
        }

        return Own.GetValueOrDefault(page);
    }
}
