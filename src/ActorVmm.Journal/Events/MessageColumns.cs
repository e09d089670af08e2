using ActorVmm.Journal.Bytes;
using ActorVmm.Journal.Messages;

namespace ActorVmm.Journal.Events;

/// <summary>
/// Messages of a batch that are written out: how many, in which rows, of which kinds; then, kind by kind and field by field,
/// the difference to the same field of the message of that kind before. Fields of one kind change slowly or not at all.
/// </summary>
internal static class MessageColumns
{
    private static readonly byte[] _empty = new byte[Message.BodySize];

    public static void Write(DeliveryBatch batch, ByteWriter into)
    {
        ReadOnlySpan<MessageRow> messages = batch.Messages;
        if (messages.IsEmpty)
        {
            return;
        }

        into.Number(messages.Length);
        int last = -1;
        foreach (ref readonly MessageRow message in messages)
        {
            into.Number(message.Row - last - 1);
            last = message.Row;
        }

        foreach (ref readonly MessageRow message in messages)
        {
            into.Number(message.Message.Kind);
        }

        foreach (int[] group in Groups(messages))
        {
            MessageCodec codec = batch.Registry.Of(messages[group[0]].Message.Kind);
            int at = 0;
            foreach (MessageField field in codec.Fields)
            {
                ulong before = 0;
                foreach (int index in group)
                {
                    Message message = messages[index].Message;
                    ulong value = MessageCodec.Value(Message.BodyOf(in message), at, field.Width);
                    into.Signed(unchecked((long)(value - before)));
                    before = value;
                }

                at += field.Width;
            }
        }
    }

    public static MessageRow[] Read(DeliveryBatch batch, ReadOnlySpan<byte> column)
    {
        if (column.IsEmpty)
        {
            return [];
        }

        var reader = new ByteReader(column);
        int count = reader.Count(16);
        int[] rows = new int[count];
        int last = -1;
        for (int i = 0; i < count; i++)
        {
            long row = last + 1L + reader.Int();
            last = row < batch.Count ? (int)row : throw new FormatException("a message behind the batch");
            rows[i] = last;
        }

        var messages = new MessageRow[count];
        for (int i = 0; i < count; i++)
        {
            messages[i] = new MessageRow(rows[i], Message.Restore(reader.Int(), _empty));
        }

        byte[] bodies = new byte[count * Message.BodySize];
        foreach (int[] group in Groups(messages))
        {
            MessageCodec codec = batch.Registry.Find(messages[group[0]].Message.Kind)
                ?? throw new FormatException(FormattableString.Invariant($"message number {messages[group[0]].Message.Kind} is not in the run's registry"));
            ReadFields(ref reader, codec, group, bodies);
        }

        reader.End();
        for (int i = 0; i < count; i++)
        {
            messages[i] = new MessageRow(rows[i], Message.Restore(messages[i].Message.Kind, bodies.AsSpan(i * Message.BodySize, Message.BodySize)));
        }

        return messages;
    }

    private static void ReadFields(ref ByteReader reader, MessageCodec codec, int[] group, byte[] bodies)
    {
        int at = 0;
        foreach (MessageField field in codec.Fields)
        {
            ulong value = 0;
            foreach (int index in group)
            {
                value = unchecked(value + (ulong)reader.Signed());
                MessageCodec.SetValue(bodies.AsSpan(index * Message.BodySize, Message.BodySize), at, field.Width, value);
            }

            at += field.Width;
        }
    }

    /// <summary>Indices of messages by kind, in the order of the kinds' numbers.</summary>
    private static IEnumerable<int[]> Groups(ReadOnlySpan<MessageRow> messages)
    {
        var groups = new SortedDictionary<int, List<int>>();
        for (int i = 0; i < messages.Length; i++)
        {
            int kind = messages[i].Message.Kind;
            if (!groups.TryGetValue(kind, out List<int>? group))
            {
                groups.Add(kind, group = []);
            }

            group.Add(i);
        }

        return groups.Values.Select(group => group.ToArray()).ToArray();
    }
}
