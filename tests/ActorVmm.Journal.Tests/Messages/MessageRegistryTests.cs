using System.Globalization;
using System.Text;
using ActorVmm.Protocol;

namespace ActorVmm.Journal.Tests.Messages;

public sealed class MessageRegistryTests
{
    /// <summary>
    /// Every layout, as journals of this version have it. When this fails because a message has changed, the message gets the
    /// next version where it is added, and this file the new line.
    /// </summary>
    [Fact]
    public void TheLayoutsAreThoseOfTheFile()
    {
        var text = new StringBuilder();
        foreach (MessageCodec codec in ProtocolMessages.Create().Codecs)
        {
            string fields = string.Join(", ", codec.Fields.Select(field => string.Create(CultureInfo.InvariantCulture, $"{field.Name} {(field.Signed ? "i" : "u")}{field.Width * 8}")));
            text.Append(CultureInfo.InvariantCulture, $"{codec.Kind} v{codec.Version} {codec.Name}({fields})\n");
        }

        text.ToString().Split('\n').ShouldBe(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "messages.txt")).Split('\n'));
    }

    [Fact]
    public void EveryMessageOfTheMemoryManagerIsInIt()
    {
        IEnumerable<string> words = typeof(TakeFrames).Assembly.GetTypes().Where(type => typeof(IMessage).IsAssignableFrom(type)).Select(type => type.Name);
        ProtocolMessages.Create().Codecs.Select(codec => codec.Name).Order(StringComparer.Ordinal).ShouldBe(words.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void ANumberIsGivenOnce() => Should.Throw<ArgumentException>(() => ProtocolMessages.Create().Add<TakeFrames>("Other"));

    [Fact]
    public void AnUnknownNumberIsRefusedWithBothVersions() =>
        Should.Throw<NewerJournalException>(() => MessageRegistry.Empty.Accept(new MessageRegistry().Add<TakeFrames>("TakeFrames", 3)))
            .Message.ShouldBe("message number 200 (TakeFrames) has version 3, and this program knows version 0: it was made by a newer one");

    [Fact]
    public void ANewerVersionIsRefusedWithBothVersions() =>
        Should.Throw<NewerJournalException>(() => ProtocolMessages.Create().Accept(new MessageRegistry().Add<TakeFrames>("TakeFrames", 3))).Known.ShouldBe(1);

    [Fact]
    public void ADifferenceIsNamedByItsField() =>
        ProtocolMessages.Create().Of(TakeFrames.Kind).FirstDifference(Message.Of(new TakeFrames(1, 2, 3)), Message.Of(new TakeFrames(1, 5, 3)))
            .ShouldBe("TakeFrames.Wanted was 2 and is 5");
}
