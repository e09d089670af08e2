using System.Globalization;
using System.Text;

namespace ActorVmm.Specifications.Tests.Histories;

/// <summary>What actors are supposed to have stated, turn by turn; judged when asked for.</summary>
public sealed class History
{
    public static readonly ActorId Database = new(1);
    public static readonly ActorId Disk = new(2);
    public static readonly ActorId ZeroThread = new(3);
    public static readonly ActorId Ledger = new(4);
    public static readonly ActorId P = new(10);
    public static readonly ActorId Q = new(11);

    public List<(ActorId Actor, Told[] Facts)> Turns { get; } = [];

    public static MachinePlan Plan(uint frames = 64) => new(frames)
    {
        PagingFiles = [new PagingFilePlan(256)],
        Policy = new MemoryPolicy { ModifiedMaximum = 40 },
    };

    public History Turn(ActorId actor, params Told[] facts)
    {
        if (facts.Length != 0)
        {
            Turns.Add((actor, facts));
        }

        return this;
    }

    public SpecificationSuite Play(MachinePlan plan, IEnumerable<Specification> specifications, bool quiesces)
    {
        var suite = new SpecificationSuite(plan, specifications);
        long number = 0;
        foreach (var (actor, facts) in Turns)
        {
            number++;
            suite.Heard(new TurnStamp(actor, new Ticks(number * 100), number), facts);
        }

        if (quiesces)
        {
            suite.Quiesced();
        }

        return suite;
    }

    /// <summary>Every promise holds, and at quiescence too.</summary>
    public SpecificationSuite ShouldHold(MachinePlan? plan = null, bool quiesces = true)
    {
        var suite = Play(plan ?? Plan(), SpecificationSuite.All(), quiesces);
        suite.Violations.Select(violation => violation.ToString()).ShouldBeEmpty();
        return suite;
    }

    /// <summary>This promise, judged alone, is kept.</summary>
    public void ShouldKeep<T>(bool quiesces = false)
        where T : Specification, new() =>
        Play(Plan(), [new T()], quiesces).Violations.Select(violation => violation.ToString()).ShouldBeEmpty();

    /// <summary>This promise, judged alone, is broken so many times, and one of them says so in these words.</summary>
    public void ShouldBreak<T>(string words, bool quiesces = false, int times = 1)
        where T : Specification, new()
    {
        var suite = Play(Plan(), [new T()], quiesces);
        var said = suite.Violations.Select(violation => violation.Words).ToList();
        said.Count.ShouldBe(times, string.Join('\n', said));
        said.ShouldContain(sentence => sentence.Contains(words, StringComparison.Ordinal), string.Join('\n', said));
        suite.Violations[0].Specification.ShouldBe(typeof(T).Name);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        for (var at = 0; at < Turns.Count; at++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{at + 1,4}  {Turns[at].Actor,-8}  {Turns[at].Facts.Length} facts, first of kind {Turns[at].Facts[0].Kind}\n");
        }

        return text.ToString();
    }
}
