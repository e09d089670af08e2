using ActorVmm.Explorer.Catalogue;

namespace ActorVmm.Explorer.Tests.Catalogue;

/// <summary>A lesson shows what was run.</summary>
public sealed class LessonTests
{
    [Theory]
    [MemberData(nameof(Entries.Names), MemberType = typeof(Entries))]
    public void ShowsTheFailingOrderBesideAGoodOne(string name)
    {
        CatalogueEntry entry = Entries.Find(name);

        Lesson lesson = new(entry.Subject(isFixed: false));

        lesson.Broken.Specification.ShouldBe(entry.Model.Promise);
        lesson.Good.ShouldNotContain(turn => turn.Broke);
        lesson.Failing.Select(turn => (turn.Actor, turn.Heard)).ShouldNotBe(lesson.Good.Take(lesson.Failing.Count).Select(turn => (turn.Actor, turn.Heard)));
        int broke = lesson.Failing.Count(turn => turn.Broke);
        broke.ShouldBe(name is "moved-marker" or "three-way-wait" ? 0 : 1, "what waits for ever breaks its promise at the end");
        (broke == 0 || lesson.Failing[^1].Broke).ShouldBeTrue("nothing is shown after the broken promise");
    }

    [Fact]
    public void OfCollidedFaultIsThis() =>
        new Lesson(Entries.Find("collided-fault").Subject(isFixed: false)).Failing.Select(turn => $"{turn.Turn} {turn.Actor}: {turn.Heard} -> {turn.Asked}").ShouldBe(
        [
            "1 T_1: Start -> PG Fault(3)",
            "2 T_2: Start -> PG Fault(4)",
            "3 PG: Fault(3) from T_1 -> DISK Read(3)",
            "4 PG: Fault(4) from T_2 -> DISK Read(4)",
            "5 DISK: Read(3) from PG -> PG Done(3)",
            "6 DISK: Read(4) from PG -> PG Done(4)",
            "7 PG: Done(3) from DISK -> T_1 Ok",
            "8 T_1: Ok from PG -> PG Store",
            "9 PG: Store from T_1 -> -",
            "10 PG: Done(4) from DISK -> T_2 Ok",
        ]);

    [Fact]
    public void WithoutARaceThereIsNoLesson() =>
        Should.Throw<InvalidOperationException>(() => new Lesson(Entries.Find("collided-fault").Subject(isFixed: true))).Message.ShouldContain("no order of messages");

    [Theory]
    [MemberData(nameof(Entries.Names), MemberType = typeof(Entries))]
    public void ThePageTellsEverything(string name)
    {
        CatalogueEntry entry = Entries.Find(name);

        IReadOnlyList<string> page = LessonText.Of(entry);

        page[0].ShouldBe($"{entry.Number}. {name}: {entry.Model.Title}");
        page.ShouldContain(line => line.EndsWith($"actorvmm explore race:{name}"));
        page.Count(line => line.StartsWith("turn  actor")).ShouldBe(2);
        foreach (string part in new[] { "Met: ", "Who: ", "Promise: ", "What Windows does: ", "Repair (--fixed): " })
        {
            page.ShouldContain(line => line.StartsWith(part));
        }
    }
}
