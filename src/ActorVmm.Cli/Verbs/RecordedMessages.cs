using ActorVmm.Explorer.Models;
using ActorVmm.Journal;
using ActorVmm.Journal.Events;
using ActorVmm.Journal.Messages;
using ActorVmm.Machine.Words;

namespace ActorVmm.Cli.Verbs;

/// <summary>The words of recorded runs: the memory manager's, and those of races.</summary>
internal static class RecordedMessages
{
    /// <summary>What a run of a race is recorded with.</summary>
    public static MessageRegistry OfRaces() => RaceMessages.AddTo(new MessageRegistry());

    /// <summary>Makes sure that a run's words can be read, and calls them by their names from now on.</summary>
    /// <exception cref="NewerJournalException">They cannot.</exception>
    public static void Accept(RunStarted started)
    {
        RaceMessages.AddTo(ProtocolMessages.Create()).Accept(started.Registry);
        foreach (MessageCodec codec in started.Registry.Codecs)
        {
            MessageWords.All.Learn(codec.Kind, codec.Name, codec.Fields);
        }

        RaceFacts.Teach(FactWords.All);
    }
}
