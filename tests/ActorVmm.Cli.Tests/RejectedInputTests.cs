using System.IO.Compression;
using System.Text;

namespace ActorVmm.Cli.Tests;

/// <summary>An input that is not what it should be is exit code 3, at once, with file, line and column, without a stack trace.</summary>
public sealed class RejectedInputTests
{
    private const string Sound = """
        version: 1
        name: sound
        machine: { ram: 1MiB, cpus: 1, pagingFiles: [ { size: 4MiB } ] }
        processes:
          one:
            phases:
              - reserve: { name: heap, size: 64KiB }
              - commit:  { region: heap, size: 64KiB }
              - touch:   { region: heap, pattern: sequential, count: 10 }
        """;

    [Theory]
    [InlineData("cpus: 1", "cpsu: 1", 3, "cpsu", "cpus")]
    [InlineData("ram: 1MiB", "ram: 1", 3, "ram")]
    [InlineData("ram: 1MiB", "ram: -1MiB", 3, "ram")]
    [InlineData("ram: 1MiB", "ram: 9223372036854775808 pages", 3, "ram")]
    [InlineData("size: 64KiB }\n      - commit", "size: 9223372036854775808 pages }\n      - commit", 7, "size")]
    [InlineData("size: 64KiB }\n      - commit", "size: 64 }\n      - commit", 7, "size")]
    [InlineData("count: 10", "count: -10", 9, "count")]
    [InlineData("region: heap, pattern", "region: haep, pattern", 9, "haep")]
    [InlineData("pattern: sequential", "pattern: seqential", 9, "seqential")]
    [InlineData("version: 1", "version: 1\nseed: yes", 2, "seed")]
    [InlineData("name: sound", "name: &anchor sound", 2, "anchor")]
    [InlineData("name: sound", "name: !tag sound", 2, "tag")]
    [InlineData("name: sound", "name: [[[", 2)]
    [InlineData("processes:", "expect: [ 5 < 6 ]\nprocesses:", 4, "metric")]
    public void AScenarioIsRejectedWithItsPlace(string sound, string wrong, int line, params string[] said)
    {
        Sound.ShouldContain(sound.ReplaceLineEndings("\n"));
        using var folder = new TemporaryFolder();
        string path = folder.Write("wrong.yaml", Sound.Replace(sound, wrong, StringComparison.Ordinal));

        foreach (string[] verb in new string[][] { ["run", path], ["scenario", "check", path] })
        {
            Actorvmm.Ended ended = Actorvmm.Run(verb);
            ended.Code.ShouldBe(ExitCode.InputRejected);
            ended.Error.ShouldMatch($@"^actorvmm: .*wrong\.yaml:{line}:\d+: ");
            ended.Error.ShouldContainEach(said);
            ended.Output.ShouldBeEmpty();
            ended.ShouldHoldNoStackTrace();
        }
    }

    [Fact]
    public void AThousandUnclosedBracketsAreRejected()
    {
        using var folder = new TemporaryFolder();
        foreach (string brackets in new[] { new string('[', 100_000), new string('{', 100_000), string.Concat(Enumerable.Repeat("- ", 50_000)) })
        {
            Actorvmm.Ended ended = Actorvmm.Run("run", folder.Write("deep.yaml", "version: 1\nname: " + brackets));
            ended.Code.ShouldBe(ExitCode.InputRejected);
            ended.Error.ShouldMatch(@"deep\.yaml:\d+:\d+: ");
            ended.ShouldHoldNoStackTrace();
        }
    }

    [Fact]
    public void ASoundScenarioIsFine()
    {
        using var folder = new TemporaryFolder();
        Actorvmm.Run("scenario", "check", folder.Write("sound.yaml", Sound)).Code.ShouldBe(ExitCode.Fine);
    }

    [Theory]
    [InlineData("1,2,x", @"trace:1:5: ")]
    [InlineData("1,2\n3,-4\n", @"trace:2:3: ")]
    [InlineData("1,9223372036854775808\n", @"trace:1:\d+: ")]
    [InlineData("I  0401ab70,3\nI  0401ab7g,3\n", @"trace:2:\d+: ")]
    [InlineData("I  0401ab70,3\n L 1000,99999999999\n", @"trace:2:\d+: ")]
    [InlineData("0 1.1 start a\n0 1.1 reserve 0x10000 -5\n", @"trace:2:\d+: ")]
    [InlineData("0 1.1 start a\n5 1.1 r 0x10000 4\n3 1.1 r 0x10000 4\n", @"trace:3:\d+: ")]
    [InlineData("", "trace: ")]
    [InlineData("# nothing but talk\n", "trace")]
    [InlineData("\u0001\u0002\u0003\u0000\u0000", @"trace:1:1: ")]
    [InlineData("no trace at all\n", @"trace:1:1: ")]
    public void ATraceIsRejectedWithItsPlace(string text, string place)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("trace", text);

        foreach (string[] verb in new string[][] { ["run", path], ["trace", "info", path], ["trace", "import", path] })
        {
            Actorvmm.Ended ended = Actorvmm.Run(verb);
            ended.Code.ShouldBe(ExitCode.InputRejected);
            ended.Error.ShouldMatch(place);
            ended.ShouldHoldNoStackTrace();
        }
    }

    [Fact]
    public void DamagedGzipIsRejected()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = Gzip(string.Concat(Enumerable.Range(0, 100_000).Select(i => $"I  {4096 * i:x8},3\n")));
        byte[] broken = [.. whole];
        broken[whole.Length / 2] ^= 0x55;
        string[] paths = [folder.Write("cut.gz", whole[..(whole.Length / 2)]), folder.Write("broken.gz", broken), folder.Write("head.gz", [0x1F, 0x8B])];

        foreach (string path in paths)
        {
            Actorvmm.Ended ended = Actorvmm.Run("run", path);
            ended.Code.ShouldBe(ExitCode.InputRejected);
            ended.Error.ShouldStartWith($"actorvmm: {path}");
            ended.ShouldHoldNoStackTrace();
        }
    }

    [Fact]
    public void BinaryRubbishIsRejectedWhateverItIsCalled()
    {
        using var folder = new TemporaryFolder();
        byte[] rubbish = new byte[100_000];
        new Random(7).NextBytes(rubbish);

        foreach (string name in new[] { "rubbish", "rubbish.yaml", "rubbish.gz", "rubbish.lackey" })
        {
            Actorvmm.Ended ended = Actorvmm.Run("run", folder.Write(name, rubbish));
            ended.Code.ShouldBe(ExitCode.InputRejected);
            ended.Error.ShouldContain(name);
            ended.Error.Length.ShouldBeLessThan(1_000);
            ended.ShouldHoldNoStackTrace();
        }
    }

    [Fact]
    public void AFileThatIsNotThereAndADirectoryAreRejected()
    {
        using var folder = new TemporaryFolder();
        string directory = Directory.CreateDirectory(Path.Combine(folder.Path, "folder.yaml")).FullName;

        foreach (string path in new[] { Path.Combine(folder.Path, "missing"), Path.Combine(folder.Path, "missing.yaml"), folder.Path, directory })
        {
            foreach (string[] verb in new string[][] { ["run", path], ["trace", "info", path], ["scenario", "check", path], ["scenario", "show", path] })
            {
                Actorvmm.Ended ended = Actorvmm.Run(verb);
                ended.Code.ShouldBe(ExitCode.InputRejected, string.Join(' ', verb));
                ended.Error.ShouldContain(path);
                ended.ShouldHoldNoStackTrace();
            }
        }
    }

    private static byte[] Gzip(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.ASCII.GetBytes(text));
        }

        return bytes.ToArray();
    }
}
