using ActorVmm.Machine.Summary;

namespace ActorVmm.Machine.Tests;

/// <summary>
/// After every process has exited and every section has closed, frames, slots, commitment, pool and VADs are back where they were (fact book §21;
/// §28, I10), whatever has happened before: what a specification asks of every run, and here of one that has something of everything.
/// </summary>
public sealed class BaselineTests
{
    // 256 pages of memory for about three times as much; disks and a paging file that fail now and then; some processes are killed on their way.
    private const string Everything = """
          program:
            count: 3
            threads: 2
            workingSet: { min: 20 pages, max: 60 pages }
            phases:
              - stack: { reserve: 128KiB, commit: 4KiB, touch: 32KiB }
              - map: { section: cache, name: cache }
              - map: { section: original, name: own, protect: writecopy }
              - map: { section: letter, name: letter }
              - map: { section: app, name: app }
              - map: { section: lazy, name: lazy }
              - commit: { region: lazy, offset: 128KiB, size: 16 pages }
              - reserve: { name: heap, size: 128KiB }
              - commit: { region: heap }
              - repeat:
                  times: 3
                  phases:
                    - touch: { region: cache, pattern: random, writes: 40%, count: 100 }
                    - touch: { region: own, pattern: random, writes: 30%, count: 40 }
                    - touch: { region: letter, pattern: random, writes: 30%, count: 40 }
                    - touch: { region: app, writes: 20% }
                    - touch: { region: lazy, offset: 128KiB, size: 16 pages, writes: 100% }
                    - touch: { region: heap, writes: 50% }
                    - idle: uniform(1ms, 5ms)
              - unmap: { region: letter }
          system:
            system: true
            workingSet: { min: 20 pages, max: 60 pages }
            phases:
              - allocatePool: { name: resident, pool: nonpaged, size: 32KiB }
              - allocatePool: { name: pageable, pool: paged, size: 128KiB }
              - touch: { region: pageable, writes: 100% }
              - idle: 10ms
              - touch: { region: pageable }
              - freePool: { name: resident }
        files:
          letter.txt: { content: "Dear reader,", size: 200000B, latency: const(1ms) }
          app.exe:    { image: { text: 4 pages, rdata: 2 pages, data: 4 pages, bss: 4 pages } }
        sections:
          cache:    { size: 96 pages, closes: 20ms }
          original: { size: 32 pages, closes: end }
          letter:   { file: letter.txt, closes: end }
          app:      { file: app.exe, image: true, closes: end }
          lazy:     { size: 1MiB, reserve: true, closes: end }
          unused:   { size: 8 pages, closes: 1ms }
        faults:
          - { at: 6ms, inject: empty-working-sets }
          - { at: 9ms, inject: write-error, file: letter.txt, chance: 50%, for: 20ms }
          - { at: 12ms, inject: read-error, file: app.exe, chance: 30%, for: 5ms }
        expect: [ seen(everybodyhadgone) == 1, commit.charge == 0, pages.active == 0, facts(SegmentEnded) == 6, pools.paged == 0, pools.nonPaged == 0 ]
        """;

    private const string Machine = "{ ram: 1MiB, cpus: 2, pagingFiles: [ { size: 4MiB, latency: const(1ms) } ], system: { kernelStacks: true } }";

    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 12).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void NothingIsLeftOfAnything(ulong seed)
    {
        RunSummary run = Runs.Of(Runs.Small(Everything, Machine, seed));

        run.Violations.ShouldBeEmpty();
        run.End.ShouldBe(RunEnd.Finished);
        run.Expectations.Where(expectation => !expectation.Held).Select(expectation => $"{expectation.Text}: {expectation.Found}").ShouldBeEmpty();
    }
}
