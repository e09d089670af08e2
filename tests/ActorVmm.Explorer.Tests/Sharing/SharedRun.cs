using System.Text.Json;
using ActorVmm.Explorer.Sharing;

namespace ActorVmm.Explorer.Tests.Sharing;

/// <summary>
/// A search shared by several workers, one after the other in an order drawn from a seed; everything that they tell each other goes
/// through JSON, as it would over a network.
/// </summary>
internal sealed class SharedRun
{
    private readonly ISubject _subject;
    private readonly ExplorationOptions _options;
    private readonly Random _random;
    private readonly Desk[] _desks;

    public SharedRun(ISubject subject, ExplorationOptions options, int workers, int seed)
    {
        (_subject, _options, _random) = (subject, options, new Random(seed));
        _desks = new Desk[workers];
        for (int i = 0; i < workers; i++)
        {
            _desks[i] = new Desk(new PartWorker(subject, options));
        }

        Search = new SharedSearch(options.Setting.Model, options.SumsTraces, options.From);
    }

    public SharedSearch Search { get; }

    /// <summary>How many parts were given away.</summary>
    public int Parts { get; private set; }

    /// <summary>How many workers were lost with their parts.</summary>
    public int Lost { get; private set; }

    /// <summary>Goes on until nothing is left, or some executions have been run.</summary>
    /// <param name="most">How many.</param>
    /// <param name="lossIn">One execution in so many ends in the loss of its worker; 0 for none.</param>
    public SharedRun Go(long most = long.MaxValue, int lossIn = 0)
    {
        for (long ran = 0; ran < most && !Search.IsDone;)
        {
            Search.Waiting = _desks.Count(desk => !desk.HasPart);
            Desk desk = _desks[_random.Next(_desks.Length)];
            if (!desk.HasPart)
            {
                Take(desk);
                _desks.ShouldContain(one => one.HasPart, "everybody waits for everybody");
                continue;
            }

            ran++;
            if (lossIn > 0 && _random.Next(lossIn) == 0)
            {
                Lost++;
                Search.Lose(desk.Part);
                desk = _desks[Array.IndexOf(_desks, desk)] = new Desk(new PartWorker(_subject, _options));
                continue;
            }

            if (desk.Worker.Run(ran, desk.Order) is { } report)
            {
                desk.Order = Sent(Search.Report(Sent(report)));
                desk.HasPart = !report.IsDone;
            }
        }

        foreach (Desk desk in _desks.Where(desk => desk.HasPart))
        {
            Search.Report(Sent(desk.Worker.GiveBack()));
        }

        return this;
    }

    private void Take(Desk desk)
    {
        if (Search.TryTake() is { } part)
        {
            Parts++;
            (desk.HasPart, desk.Part) = (true, part.Number);
            desk.Worker.Begin(Sent(part));
        }
    }

    private static T Sent<T>(T message) => JsonSerializer.Deserialize<T>(JsonSerializer.Serialize(message))!;

    private sealed class Desk(PartWorker worker)
    {
        public PartWorker Worker => worker;

        public bool HasPart { get; set; }

        public long Part { get; set; }

        public PartOrder Order { get; set; }
    }
}
