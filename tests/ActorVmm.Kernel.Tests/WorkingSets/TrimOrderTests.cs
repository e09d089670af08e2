using ActorVmm.Actors;
using ActorVmm.Kernel.WorkingSets;
using ActorVmm.Protocol;
using FsCheck;
using FsCheck.Fluent;

namespace ActorVmm.Kernel.Tests.WorkingSets;

public sealed class TrimOrderTests
{
    // The heap shows the same order as sorting everything would, however much of it is looked at, and in whatever state it is saved.
    [Fact]
    public void TheOrderIsThatOfASort() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<ushort[]>(),
            numbers =>
            {
                var processes = new TrimCandidates();
                for (int i = 0; i < numbers.Length; i++)
                {
                    processes.Learn(new ActorId(1 + (i * 37 % 1_009)), new WorkingSetChanged(numbers[i] % 64, numbers[i] % 7, 345, numbers[i] % 3, numbers[i] % 2U, 0));
                }

                var order = new TrimOrder();
                order.Begin(processes);
                var sorted = Enumerable.Range(0, processes.Count).Select(row => processes[row])
                    .OrderBy(row => !row.IsIdle).ThenByDescending(row => row.Surplus(belowMinimum: false)).ThenBy(row => row.Process.Value).ToList();
                for (int place = 0; place < sorted.Count; place++)
                {
                    if (place == sorted.Count / 2)
                    {
                        var fresh = new TrimOrder();
                        ActorBench.Copy(order, fresh);
                        order = fresh;
                    }

                    order[place].ShouldBe(sorted[place].Process);
                    order[place / 2].ShouldBe(sorted[place / 2].Process);
                }
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void SumsFollowTheRows() =>
        Prop.ForAll(
            ArbMap.Default.ArbFor<ushort[]>(),
            steps =>
            {
                var processes = new TrimCandidates();
                foreach (ushort step in steps.Concat(steps))
                {
                    var process = new ActorId(1 + (step % 13 * 300));
                    int row = processes.Find(process);
                    switch (step % 5)
                    {
                        case 0 when row >= 0:
                            processes.Remove(row);
                            break;
                        case 1 when row >= 0:
                            processes.Learn(row, new WorkingSetTrimmed(0, step % 50, step % 4));
                            break;
                        case 2 when row >= 0:
                            processes.Recall(row);
                            break;
                        default:
                            processes.Learn(process, new WorkingSetChanged(step % 100, step % 60, 345, step % 6, 0, step % 4));
                            break;
                    }
                }

                var restored = new TrimCandidates();
                restored.Learn(new ActorId(5), new WorkingSetChanged(1_000, 0, 345, 6, 0, 0));
                ActorBench.Copy(processes, restored);
                foreach (var one in (TrimCandidates[])[processes, restored])
                {
                    var rows = Enumerable.Range(0, one.Count).Select(row => one[row]).ToList();
                    one.Surplus.ShouldBe(rows.Where(row => !row.ReplacesItself).Sum(row => row.Surplus(belowMinimum: false)));
                    one.Kept.ShouldBe(rows.Sum(row => row.Kept));
                    rows.Select(row => one.Find(row.Process)).ShouldBe(Enumerable.Range(0, one.Count));
                }
            }).QuickCheckThrowOnFailure();
}
