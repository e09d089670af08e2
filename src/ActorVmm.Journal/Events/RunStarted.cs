using ActorVmm.Journal.Bytes;
using ActorVmm.Journal.Messages;

namespace ActorVmm.Journal.Events;

/// <summary>The first row of every stream: everything that decides the run, deliveries apart.</summary>
public sealed class RunStarted : JournalEvent
{
    public const string Word = "run-started/1";

    /// <summary>The version of everything in the stream together; a reader refuses a larger one.</summary>
    public const int FormatVersion = 1;

    public override string Manifest => Word;

    public int Format { get; init; } = FormatVersion;

    /// <summary>The kernel that computed the run; another may compute another.</summary>
    public string KernelVersion { get; init; } = "";

    /// <summary>deterministic, parallel or akka.</summary>
    public string Host { get; init; } = "";

    /// <summary>fifo, causal, mailbox or bag.</summary>
    public string DeliveryModel { get; init; } = "";

    public ulong Seed { get; init; }

    /// <summary>The file or stream that the run was made of, as it was asked for.</summary>
    public string InputPath { get; init; } = "";

    /// <summary>SHA-256 of that input, in hexadecimal digits.</summary>
    public string InputSha256 { get; init; } = "";

    /// <summary>The input itself, where it is short enough or can not be read again; empty where it can only be found by its hash.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>The machine, in words.</summary>
    public string Machine { get; init; } = "";

    /// <summary>The policy, in words.</summary>
    public string Policy { get; init; } = "";

    /// <summary>Whatever else the program that recorded needs to make the same machine again: flags by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>Whether messages between actors are written out; those from outside always are.</summary>
    public bool Messages { get; init; }

    /// <summary>How messages are laid out, so that they can be read without our kernel.</summary>
    public MessageRegistry Registry { get; init; } = MessageRegistry.Empty;

    public override void Encode(ByteWriter into)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Number(Format);
        foreach (string text in (ReadOnlySpan<string>)[KernelVersion, Host, DeliveryModel, InputPath, InputSha256, Machine, Policy])
        {
            into.Text(text);
        }

        into.Fixed(Seed);
        into.Block(Input.Span);
        into.Number(Settings.Count);
        foreach ((string name, string value) in Settings)
        {
            into.Text(name);
            into.Text(value);
        }

        into.Byte(Messages ? (byte)1 : (byte)0);
        Registry.Encode(into);
    }

    internal static RunStarted Decode(ref ByteReader from)
    {
        int format = from.Int();
        if (format > FormatVersion)
        {
            throw new NewerJournalException("the journal's format", format, FormatVersion);
        }

        (string kernel, string host, string model, string path) = (from.Text(), from.Text(), from.Text(), from.Text());
        (string sha, string machine, string policy) = (from.Text(), from.Text(), from.Text());
        ulong seed = from.Fixed();
        byte[] input = from.Block().ToArray();
        var settings = new KeyValuePair<string, string>[from.Count(16)];
        for (int i = 0; i < settings.Length; i++)
        {
            settings[i] = new(from.Text(), from.Text());
        }

        return new RunStarted
        {
            Format = format, KernelVersion = kernel, Host = host, DeliveryModel = model, InputPath = path, InputSha256 = sha, Machine = machine,
            Policy = policy, Seed = seed, Input = input, Settings = settings, Messages = from.Byte() != 0, Registry = MessageRegistry.Decode(ref from),
        };
    }
}
