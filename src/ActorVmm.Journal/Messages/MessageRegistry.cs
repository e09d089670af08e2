using ActorVmm.Journal.Bytes;

namespace ActorVmm.Journal.Messages;

/// <summary>
/// Which messages there are and how each is written. It is open: whoever has messages of their own, as the models of the race
/// laboratory do, adds them; nothing is ever found by looking through types.
/// </summary>
public sealed class MessageRegistry
{
    public static readonly MessageRegistry Empty = new();

    private readonly SortedDictionary<int, MessageCodec> _codecs = [];

    public IReadOnlyCollection<MessageCodec> Codecs => _codecs.Values;

    /// <param name="name">What the message is called in journals, for good.</param>
    /// <param name="version">Rises when the fields change.</param>
    /// <returns>This registry.</returns>
    public MessageRegistry Add<T>(string name, int version = 1)
        where T : unmanaged, IMessage => Add(MessageCodec.Of<T>(name, version));

    public MessageRegistry Add(MessageCodec codec)
    {
        ArgumentNullException.ThrowIfNull(codec);
        if (!_codecs.TryAdd(codec.Kind, codec))
        {
            throw new ArgumentException(FormattableString.Invariant($"message number {codec.Kind} is {_codecs[codec.Kind].Name} already"), nameof(codec));
        }

        return this;
    }

    public MessageCodec? Find(int kind) => _codecs.GetValueOrDefault(kind);

    /// <exception cref="NewerJournalException">Nobody has told how this number is written.</exception>
    public MessageCodec Of(int kind) => Find(kind) ?? throw new NewerJournalException(FormattableString.Invariant($"message number {kind}"), 1, 0);

    /// <summary>Refuses messages that this program would read as something else than they were when they were written.</summary>
    /// <param name="recorded">The registry of a stream.</param>
    /// <exception cref="NewerJournalException">A number is unknown here, or has a newer version.</exception>
    public void Accept(MessageRegistry recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        foreach (MessageCodec codec in recorded.Codecs)
        {
            MessageCodec? known = Find(codec.Kind);
            if (known is null || known.Version < codec.Version)
            {
                throw new NewerJournalException(FormattableString.Invariant($"message number {codec.Kind} ({codec.Name})"), codec.Version, known?.Version ?? 0);
            }
        }
    }

    internal void Encode(ByteWriter into)
    {
        into.Number(_codecs.Count);
        foreach (MessageCodec codec in _codecs.Values)
        {
            into.Number(codec.Kind);
            into.Number(codec.Version);
            into.Text(codec.Name);
            into.Number(codec.Fields.Count);
            foreach ((string name, int width, bool signed) in codec.Fields)
            {
                into.Text(name);
                into.Byte((byte)(width | (signed ? 0x10 : 0)));
            }
        }
    }

    internal static MessageRegistry Decode(ref ByteReader from)
    {
        var registry = new MessageRegistry();
        int count = from.Count(32);
        for (int i = 0; i < count; i++)
        {
            (int kind, int version, string name) = (from.Int(), from.Int(), from.Text());
            var fields = new MessageField[from.Count(16)];
            for (int f = 0; f < fields.Length; f++)
            {
                string field = from.Text();
                byte shape = from.Byte();
                fields[f] = (shape & 0x0F) is 1 or 2 or 4 or 8 && shape < 0x20
                    ? new MessageField(field, shape & 0x0F, shape >= 0x10)
                    : throw new FormatException(FormattableString.Invariant($"a field of shape {shape}"));
            }

            var codec = new MessageCodec(kind, version, name, fields);
            if (codec.Bytes > Message.BodySize || !registry._codecs.TryAdd(kind, codec))
            {
                throw new FormatException(FormattableString.Invariant($"message number {kind} is too large, or there twice"));
            }
        }

        return registry;
    }
}
