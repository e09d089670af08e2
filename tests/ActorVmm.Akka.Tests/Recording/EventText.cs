using System.Globalization;
using System.Text;

namespace ActorVmm.Akka.Tests.Recording;

/// <summary>Events field by field, as lines that can be compared and read.</summary>
internal static class EventText
{
    public static IReadOnlyList<string> Of(IEnumerable<JournalEvent> events) => [.. events.Select(Of)];

    private static string Of(JournalEvent next) => next switch
    {
        RunStarted started => Line(
            started.Manifest, started.Format, started.KernelVersion, started.Host, started.DeliveryModel, started.Seed, started.InputPath, started.InputSha256, Convert.ToHexString(started.Input.Span),
            started.Machine, started.Policy, string.Join(';', started.Settings), started.Messages, string.Join(';', started.Registry.Codecs.Select(codec => codec.Name))),
        DeliveryBatch batch => Line(
            batch.Manifest, batch.First, string.Join(';', batch.Rows.ToArray()), string.Join(';', batch.Choices.ToArray()), string.Join(';', batch.Births.ToArray()),
            string.Join(';', batch.Messages.ToArray().Select(row => Line(row.Row, row.Message.Kind, BodyOf(row.Message))))),
        Checkpoint checkpoint => Line(
            checkpoint.Manifest, checkpoint.Delivery, checkpoint.Now, checkpoint.Fingerprint, string.Join(';', checkpoint.UnderWay), string.Join(';', checkpoint.OnTheirWay), string.Join(';', checkpoint.Actors)),
        RunEnded ended => Line(
            ended.Manifest, ended.End, ended.Stop, ended.Now, ended.Fingerprint, string.Join(';', ended.UnderWay), string.Join(';', ended.OnTheirWay), ended.Statistics),
        _ => throw new InvalidOperationException($"{next.Manifest} is not among the events of these tests"),
    };

    private static string BodyOf(Message message) => Convert.ToHexString(Message.BodyOf(in message));

    private static string Line(params object[] fields)
    {
        StringBuilder line = new();
        foreach (object field in fields)
        {
            line.Append(CultureInfo.InvariantCulture, $"{field}|");
        }

        return line.ToString();
    }
}
