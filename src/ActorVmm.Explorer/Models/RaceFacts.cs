using ActorVmm.Journal.Messages;
using ActorVmm.Machine.Words;

namespace ActorVmm.Explorer.Models;

/// <summary>What the races state, as transcripts and exports call it.</summary>
public static class RaceFacts
{
    /// <summary>Enters the words.</summary>
    public static void Teach(WordBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        Learn(book, PromiseBroken.Kind, "PromiseBroken", "which");
        Learn(book, HotBegan.Kind, "HotBegan", "who", "which");
        Learn(book, HotEnded.Kind, "HotEnded", "who");
        Learn(book, LostWriteback.StandbyChanged.Kind, "StandbyChanged", "version", "standby");
        Learn(book, LostWriteback.VersionStored.Kind, "VersionStored", "version");
    }

    private static void Learn(WordBook book, int kind, string name, params string[] numbers) =>
        book.Learn(kind, name, [.. numbers.Select(number => new MessageField(number, sizeof(int), Signed: true))]);
}
