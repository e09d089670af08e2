using ActorVmm.Workloads.Scenarios;

namespace ActorVmm.Workloads.Tests.Scenarios;

public sealed class WrongScenarioTests
{
    private const string Start = "version: 1\nmachine: { ram: 4MiB, pagingFiles: [ { size: 4MiB } ] }\n";
    private const string Process = "processes: { p: { phases: [ { idle: 1ms } ] } }\n";

    [Theory]
    [InlineData("", 0, 0, "the file is empty")]
    [InlineData("[1, 2]", 1, 1, "expected a scenario with keys")]
    [InlineData("version: 2\n" + "machine: { ram: 4MiB }\n" + Process, 1, 10, "newer version")]
    [InlineData(Start + "proceses: {}\n", 3, 1, "did you mean `processes`?")]
    [InlineData(Start + "processes: { p: { fases: [] } }\n", 3, 19, "did you mean `phases`?")]
    [InlineData(Start + "processes: { p: { phases: [], phases: [] } }\n", 3, 31, "stands here twice")]
    [InlineData("version: 1\nmachine: { ram: 64 }\n" + Process, 2, 17, "a size needs a unit: B, KiB, MiB, GiB, TiB or pages")]
    [InlineData("version: 1\nmachine: { ram: -1MiB }\n" + Process, 2, 17, "a size is not negative")]
    [InlineData("version: 1\nmachine: { ram: 9223372036854775808 pages }\n" + Process, 2, 17, "a size is less than 32 TiB")]
    [InlineData("version: 1\nmachine: { ram: 99999999999999999999999999999999999 GiB }\n" + Process, 2, 17, "expected a size")]
    [InlineData("version: 1\nmachine: { ram: 4 MHz }\n" + Process, 2, 17, "`MHz` is no unit of a size")]
    [InlineData("version: 1\nmachine: { ram: 9 pages }\n" + Process, 2, 17, "from 10 to")]
    [InlineData("version: 1\nmachine: { ram: 4MiB, numaNodes: 2 }\n" + Process, 2, 34, "not built yet")]
    [InlineData("version: 1\nmachine: nowhere.yaml\n" + Process, 2, 10, "no such machine file")]
    [InlineData(Start + "processes: { p: { phases: [ { idle: 5 } ] } }\n", 3, 37, "a time needs a unit")]
    [InlineData(Start + "processes: { p: { phases: [ { idle: exp(5) } ] } }\n", 3, 37, "a time needs a unit")]
    [InlineData(Start + "processes: { p: { phases: [ { idle: gamma(5ms) } ] } }\n", 3, 37, "is no distribution")]
    [InlineData(Start + "processes: { p: { phases: [ { touch: { region: heap } } ] } }\n", 3, 48, "no phase before this one reserves a region `heap`")]
    [InlineData(Start + "processes: { p: { trace: nowhere.gz } }\n", 3, 26, "no such trace file")]
    [InlineData(Start + "processes: { p: { trace: a, phases: [] } }\n", 3, 17, "either `phases` or `trace`")]
    [InlineData(Start + "processes: { p: { count: 1e3, phases: [] } }\n", 3, 26, "whole number")]
    [InlineData(Start + "processes: &a { p: { phases: [] } }\n", 3, 12, "anchors are not taken")]
    [InlineData(Start + "processes: *a\n", 3, 12, "aliases are not taken")]
    [InlineData(Start + "processes: !x { p: { phases: [] } }\n", 3, 12, "tags are not taken")]
    [InlineData(Start + "processes: { p: ]\n", 3, 17, "not YAML")]
    [InlineData(Start + Process + "---\nversion: 1\n", 4, 1, "second document")]
    [InlineData(Start + Process + "expect: [ hello ]\n", 4, 11, "compares nothing")]
    [InlineData(Start + Process + "expect: [ \"a < 5 parsec\" ]\n", 4, 11, "neither a metric nor a number")]
    [InlineData(Start + "sections: { a: { size: 0 pages } }\n" + Process, 3, 24, "from 1 to")]
    [InlineData(Start + "sections: {}\n" + Process, 3, 11, "a list of sections by name")]
    [InlineData(Start + "sections: { a: { length: 1MiB } }\n" + Process, 3, 18, "a section has no key")]
    [InlineData(Start + "sections: { cache: { size: 1MiB } }\nprocesses: { p: { phases: [ { map: { section: cahe, name: v } } ] } }\n", 4, 47, "did you mean `cache`?")]
    [InlineData(Start + "sections: { a: { size: 1MiB } }\nprocesses: { p: { phases: [ { reserve: { name: v, size: 1MiB } }, { map: { section: a, name: v } } ] } }\n", 4, 74, "no view of `a`")]
    [InlineData(Start + "sections: { a: { size: 1MiB } }\nprocesses: { p: { phases: [ { map: { section: a, name: v } }, { reserve: { name: v, size: 1MiB } } ] } }\n", 4, 74, "a view of a section already")]
    [InlineData(Start + "files: {}\n" + Process, 3, 8, "a list of files by name")]
    [InlineData(Start + "files: { f: { latency: 1ms } }\n" + Process, 3, 13, "needs `size`, `content` or `image`")]
    [InlineData(Start + "files: { f: { size: 2B, content: abc } }\n" + Process, 3, 21, "less than the 3 bytes")]
    [InlineData(Start + "files: { f: { image: { text: 1 page }, size: 1MiB } }\n" + Process, 3, 46, "`size` does not go with it")]
    [InlineData(Start + "files: { f: { image: { text: 0B, data: 0B } } }\n" + Process, 3, 22, "at least one part")]
    [InlineData(Start + "files: { f: { image: { base: 4096 } } }\n" + Process, 3, 30, "`base` is a multiple of 64 KB")]
    [InlineData(Start + "files: { f: { image: { code: 1 page } } }\n" + Process, 3, 24, "an image has no key `code`")]
    [InlineData(Start + "sections: { a: { size: 1MiB, image: true } }\n" + Process, 3, 37, "`file` names it")]
    [InlineData(Start + "sections: { a: { file: lettr } }\nfiles: { letter: { size: 1B } }\n" + Process, 3, 24, "did you mean `letter`?")]
    [InlineData(Start + "sections: { a: { file: f, image: true } }\nfiles: { f: { size: 1MiB } }\n" + Process, 3, 34, "STATUS_INVALID_IMAGE_NOT_MZ")]
    [InlineData(Start + "sections: { a: { file: f, image: true, size: 1MiB } }\nfiles: { f: { image: {} } }\n" + Process, 3, 46, "as large as its headers say")]
    [InlineData(Start + "sections: { a: { file: f } }\nfiles: { f: { size: 0B } }\n" + Process, 3, 24, "STATUS_MAPPED_FILE_SIZE_ZERO")]
    [InlineData(Start + "sections: { a: { file: f, size: 2B, protect: readonly } }\nfiles: { f: { size: 1B } }\n" + Process, 3, 33, "STATUS_SECTION_TOO_BIG")]
    [InlineData(Start + "sections: { a: { file: f, reserve: true } }\nfiles: { f: { size: 1B } }\n" + Process, 3, 36, "backed by paging files")]
    [InlineData(Start + "sections: { a: { size: 1MiB, closes: soon } }\n" + Process, 3, 38, "expected a time")]
    [InlineData(Start + "sections: { a: { size: 1MiB } }\nprocesses: { p: { phases: [ { map: { section: a, name: v, offset: 4KiB } } ] } }\n", 4, 67, "STATUS_MAPPED_ALIGNMENT")]
    [InlineData(Start + "sections: { a: { size: 1MiB } }\nprocesses: { p: { phases: [ { map: { section: a, name: v, offset: 1MiB } } ] } }\n", 4, 67, "from 0 to 1044480")]
    [InlineData(Start + "sections: { a: { size: 1MiB } }\nprocesses: { p: { phases: [ { map: { section: a, name: v, offset: 64KiB, size: 1MiB } } ] } }\n", 4, 80, "from 1 to 240 pages")]
    [InlineData(Start + "sections: { a: { size: 1MiB } }\nprocesses: { p: { phases: [ { map: { section: a, name: v } }, { map: { section: a, name: v, size: 1 page } } ] } }\n", 4, 70, "another part of the section")]
    [InlineData(Start + "processes: { p: { phases: [ { reserve: { name: v, size: 1MiB } }, { unmap: { region: v } } ] } }\n", 3, 86, "no view of a section")]
    [InlineData(Start + "processes: { p: { phases: [ { reserve: { name: v, size: 1MiB } }, { flush: { region: v } } ] } }\n", 3, 86, "no view of a section")]
    [InlineData(Start + Process + "faults: [ { at: 1s, inject: device-slow, for: 1s, factor: 2, file: f } ]\n", 4, 68, "no file `f` under `files`")]
    [InlineData(Start + Process + "files: { f: { size: 1B } }\nfaults: [ { at: 1s, inject: device-offline, file: f } ]\n", 5, 51, "takes no `file`")]
    [InlineData(Start + "jobs: { batch: { jobMemory: 1MiB } }\nprocesses: { p: { job: bach, phases: [ { idle: 1ms } ] } }\n", 4, 24, "did you mean `batch`?")]
    [InlineData(Start + "processes: { p: { threadMemoryPriorities: [ 8 ], phases: [ { idle: 1ms } ] } }\n", 3, 45, "from 0 to 7")]
    [InlineData(Start + "processes: { p: { phases: [ { memoryPriority: 9 } ] } }\n", 3, 47, "from 0 to 7")]
    [InlineData(Start + "processes: { p: { count: 9, workingSet: { min: 120 pages, hardMin: true }, phases: [ { idle: 1ms } ] } }\n", 3, 12, "the hard minimums cannot be guaranteed: 9 processes need 1122 pages at once")]
    [InlineData("version: 1\nmachine: { ram: 4MiB, pagingFiles: [ { systemManaged: true, size: 4MiB, volume: 1GiB } ] }\n" + Process, 2, 67, "the system manages this paging file")]
    [InlineData("version: 1\nmachine: { ram: 4MiB, pagingFiles: [ { systemManaged: true } ] }\n" + Process, 2, 38, "needs `volume`")]
    [InlineData("version: 1\nmachine: { ram: 4MiB, pagingFiles: [ {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB}, {size: 1MiB} ] }\n" + Process, 2, 262, "STATUS_TOO_MANY_PAGING_FILES")]
    [InlineData(Start + Process + "faults: [ { at: 1s, inject: bad-page, frame: 1024 } ]\n", 4, 46, "from 0 to 1023")]
    [InlineData(Start + Process + "faults: [ { at: 1s, inject: purge-standby-list, for: 1s } ]\n", 4, 54, "takes no `for`")]
    [InlineData(Start + Process + "faults: [ { at: 1s, inject: fire } ]\n", 4, 29, "`inject` cannot be `fire`")]
    [InlineData(Start + Process + "faults: [ { at: 1s, inject: kill-process, process: 3 } ]\n", 4, 52, "from 0 to 0")]
    [InlineData(Start + Process + "load: [ { for: 1s, processes: -1 } ]\n", 4, 31, "from 0 to 10000000")]
    [InlineData("version: 1\nmachine: { ram: 4MiB, architecture: arm }\n" + Process, 2, 37, "`architecture` cannot be `arm`")]
    [InlineData("version: 1\nmachine: { ram: 4MiB, userSpace: 3GiB }\n" + Process, 2, 34, "goes with 32-bit architectures")]
    [InlineData("version: 1\nmachine: { ram: 4MiB, architecture: x86, userSpace: 4GiB }\n" + Process, 2, 53, "from 524288 to 786432 pages")]
    [InlineData(Start + "processes: { p: { phases: [ { reserve: { name: a, size: 1MiB, address: \"0x12345\" } } ] } }\n", 3, 72, "a multiple of 64 KB")]
    [InlineData(Start + "processes: { p: { phases: [ { stack: { reserve: 4KiB } } ] } }\n", 3, 49, "from 16 to")]
    [InlineData(Start + "processes: { p: { phases: [ { stack: {} }, { stack: { reserve: 1MiB } } ] } }\n", 3, 64, "has a stack already")]
    [InlineData(Start + Process + "lesson: [ \"{commit\" ]\n", 4, 11, "a brace is opened")]
    [InlineData(Start + Process + "lesson: [ \"{commit(p):words}\" ]\n", 4, 11, "`:hex` or `:bytes`")]
    public void WhatIsWrongIsSaidWithItsPlace(string yaml, int line, int column, string sentence)
    {
        InputException error = Should.Throw<InputException>(() => ScenarioText.Load(yaml));

        error.Message.ShouldContain(sentence);
        if (line > 0)
        {
            error.Place.ShouldBe(new Place("test.yaml", line, column), error.Message);
        }
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    [InlineData('-')]
    [InlineData('?')]
    public void BracketsByTheThousandAreRefusedAtOnce(char bracket)
    {
        string text = string.Concat(Enumerable.Repeat(bracket is '-' or '?' ? bracket + " " : bracket.ToString(), 400_000));

        Should.Throw<InputException>(() => ScenarioText.Load(text)).Message.ShouldContain("test.yaml:1:");
    }

    [Fact]
    public void WhatIsNotBuiltYetHasATypeOfItsOwn() =>
        Should.Throw<NotBuiltException>(() => ScenarioText.Load("version: 1\nmachine: { ram: 4MiB, numaNodes: 2 }\n" + Process));

    [Fact]
    public void TooManyNodesAndTooManyBytesAreRefused()
    {
        Should.Throw<InputException>(() => ScenarioText.Load("expect: [" + string.Concat(Enumerable.Repeat("a,", 100_001)) + "]"))
            .Message.ShouldContain("more than 100000 nodes");
        Should.Throw<InputException>(() => ScenarioText.Load(new string('#', (1 << 20) + 1))).Message.ShouldContain("at most 1 MiB");
    }

    [Fact]
    public void AMissingFileADirectoryAndRubbishAreInputErrors()
    {
        Should.Throw<InputException>(() => ScenarioFile.Load("/nowhere/at/all.yaml")).Message.ShouldContain("no such file");
        Should.Throw<InputException>(() => ScenarioFile.Load(RepositoryFiles.Scenarios)).Message.ShouldContain("is a directory");
        Should.Throw<InputException>(() => ScenarioFile.Load(RepositoryFiles.Trace("true"))).Message.ShouldContain("not text in UTF-8");
    }
}
