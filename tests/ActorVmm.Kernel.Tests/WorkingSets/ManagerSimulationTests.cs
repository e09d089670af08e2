using ActorVmm.Actors;
using ActorVmm.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Kernel.Tests.WorkingSets;

/// <summary>The working-set manager among processes and a PFN database that are as simple as can be, in every order of answers.</summary>
public sealed class ManagerSimulationTests
{
    // Whatever happens: nobody is asked for more than it has or for more than is missing, who may not be trimmed is not, every round
    // ends, and without news nothing more is asked.
    [Fact]
    public void RoundsAreModestAndEnd() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<ushort[]>(),
            steps =>
            {
                var world = new World(new ManagerStory());
                foreach (ushort step in steps.Concat(steps).Concat(steps))
                {
                    world.Step(step);
                }

                world.AnswerAll();
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void RestoredAtAnyTimeItGoesOnAlike() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<ushort[]>(),
            ArbMap.Default.ArbFor<byte>(),
            (steps, more) =>
            {
                var story = new ManagerStory();
                var world = new World(story);
                foreach (ushort step in steps)
                {
                    world.Step(step);
                }

                // The fresh one has known other processes before.
                var fresh = new ManagerStory();
                fresh.Reports(77, 5);
                fresh.Reports(3, 9);
                var twin = story.Bench.Twin(fresh.Bench.Actor);
                world.Mirror = twin;
                for (int i = 0; i < more; i++)
                {
                    world.Step((ushort)(i * 7919 % 65_536));
                }

                world.AnswerAll();
            }).QuickCheckThrowOnFailure();

    /// <summary>
    /// Processes 1 to 9 whose pages go to the available ones when trimmed. Odd ones have a minimum of 10, the third a hard one, the
    /// fourth replaces its own pages. The database can be asked too.
    /// </summary>
    private sealed class World(ManagerStory story)
    {
        private readonly int[] _pages = new int[10];
        private readonly bool[] _known = new bool[10];
        private readonly List<(int Process, TrimWorkingSet Trim)> _questions = [];
        private int _available = 200;
        private int _waiters;
        private bool _databaseAsked;

        public ActorBench? Mirror { get; set; }

        public void Step(ushort step)
        {
            int process = 1 + (step / 16 % 9);
            switch (step % 16)
            {
                case < 6:
                    Grow(process, step / 256 % 60);
                    break;
                case < 11:
                    AnswerOne(step / 16);
                    break;
                case 11 when _known[process]:
                    _questions.RemoveAll(question => question.Process == process);
                    _available += _pages[process];
                    (_pages[process], _known[process]) = (0, false);
                    Hear(BenchCast.Process(process), new ProcessLeaves());
                    break;
                case 12:
                    Hear(BenchCast.Operator, new EmptyWorkingSets());
                    break;
                case 13:
                    _waiters = step / 16 % 3;
                    Hear(BenchCast.PfnDatabase, new LowMemory(_available, 0, _waiters));
                    break;
                case 14:
                    Hear(ActorId.Outside, new ManagerTick());
                    break;
            }
        }

        public void AnswerAll()
        {
            int answers = 0;
            while (_databaseAsked || _questions.Count > 0)
            {
                AnswerOne(answers);
                (++answers).ShouldBeLessThan(500, "a round ends");
            }
        }

        private void Grow(int process, int pages)
        {
            pages = Math.Min(pages, _available);
            _available -= pages;
            _pages[process] += pages;
            _known[process] = true;
            int flags = process == 3 ? 1 : process == 4 ? 2 : 0;
            Hear(BenchCast.Process(process), new WorkingSetChanged(_pages[process], MinimumOf(process), 345, 0, (uint)_pages[process], flags));
        }

        private void AnswerOne(int which)
        {
            if (_databaseAsked)
            {
                _databaseAsked = false;
                Hear(BenchCast.PfnDatabase, new AvailableReported(_available, 0, _waiters));
            }
            else if (_questions.Count > 0)
            {
                (int process, var trim) = _questions[which % _questions.Count];
                _questions.RemoveAt(which % _questions.Count);
                int floor = trim.BelowMinimum != 0 && process != 3 ? 0 : MinimumOf(process);
                int given = Math.Min(trim.Goal, Math.Max(_pages[process] - floor, 0));
                given = trim.Pass < 4 ? given * trim.Pass / 3 : given;
                _pages[process] -= given;
                _available += given;
                Hear(BenchCast.Process(process), new WorkingSetTrimmed(given, _pages[process], 0));
            }
        }

        private void Hear<T>(ActorId sender, T message)
            where T : unmanaged, IMessage
        {
            var turn = Mirror is null ? story.Bench.Hear(sender, in message) : story.Bench.Alike(Mirror, bench => bench.Hear(sender, in message));
            int goal = turn.Stated<TrimRoundBegan>() is [var round] ? round.Goal : 0;
            turn.Sent<TrimWorkingSet>().Sum(trim => trim.Goal == int.MaxValue ? 0 : trim.Goal).ShouldBeLessThanOrEqualTo(goal);
            foreach (var (to, trim) in turn.AskedBy<TrimWorkingSet>().Zip(turn.Sent<TrimWorkingSet>()))
            {
                int process = to.Value - BenchCast.Process(0).Value;
                if (trim.Goal != int.MaxValue)
                {
                    int spare = trim.BelowMinimum != 0 && process != 3 ? 0 : MinimumOf(process);
                    trim.Goal.ShouldBeInRange(1, _pages[process] - spare + trim.BelowMinimum, turn.ToString());
                    (process == 4 && trim.BelowMinimum == 0).ShouldBeFalse("who replaces its own pages is trimmed last");
                    (trim.BelowMinimum != 0 && _waiters == 0).ShouldBeFalse("without requests that wait the minimum holds");
                }

                _questions.Add((process, trim));
            }

            turn.Sent<ReportAvailable>().Count.ShouldBeLessThanOrEqualTo(_databaseAsked ? 0 : 1);
            _databaseAsked |= turn.Sent<ReportAvailable>().Count > 0;
        }

        private static int MinimumOf(int process) => process % 2 == 1 ? 10 : 0;
    }
}
