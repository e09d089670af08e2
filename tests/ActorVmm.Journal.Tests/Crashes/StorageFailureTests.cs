using ActorVmm.Journal.Tests.Stores;

namespace ActorVmm.Journal.Tests.Crashes;

/// <summary>The storage fails in the middle of a run: the program says so and ends with 7, and nothing that it acknowledged is lost.</summary>
public sealed class StorageFailureTests : IDisposable
{
    private const int Storage = 7;

    private readonly TemporaryFolder _folder = new();
    private readonly Victim _victim;

    public StorageFailureTests() => _victim = new Victim(_folder);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("write,pwrite64", "error=ENOSPC:when=1+", null)]
    [InlineData("write,pwrite64", "error=ENOSPC:when=31+", null)]
    [InlineData("write,pwrite64", "error=ENOSPC:when=100+", null)]
    [InlineData("write,pwrite64", "error=ENOSPC:when=160", "-wal")]
    [InlineData("ftruncate", "error=ENOSPC:when=1+", null)]
    [InlineData("write,pwrite64", "error=EIO:when=7", null)]
    [InlineData("write,pwrite64", "error=EIO:when=120", null)]
    [InlineData("fsync,fdatasync", "error=EIO:when=3", null)]
    [InlineData("fsync,fdatasync", "error=EIO:when=3", "-wal")]
    [InlineData("fsync,fdatasync", "error=EIO:when=5+", "-wal")]
    public void AFullDiskOrAnErrorOfTheDeviceEndsTheRun(string calls, string fault, string? only)
    {
        string journal = _folder["run.db"];
        string why = calls is "write,pwrite64" && fault.Contains("ENOSPC", StringComparison.Ordinal) ? "disk is full" : "disk I/O error";
        ShouldEndTheRun(journal, Strace.Around(_victim.Run(journal, "--specifications", "off"), journal, fault, _folder["strace.log"], calls, only), why);
    }

    [Fact]
    public void AFileThatMayNotGrowEndsTheRun()
    {
        string journal = _folder["run.db"];

        // 200 kB, in blocks of 512 bytes. The runtime's own doubly mapped memory counts as a file, and is larger.
        string[] limited = ["env", "DOTNET_EnableWriteXorExecute=0", "/bin/sh", "-c", "ulimit -f 400; exec \"$@\"", "sh", .. _victim.Run(journal, "--specifications", "off")];
        ShouldEndTheRun(journal, limited, "disk I/O error");
    }

    [Fact]
    public void AServerThatStopsEndsTheRun()
    {
        using var server = new PrivateServer();
        string journal = server.NewDatabase();
        int stopped = 0;
        Actorvmm.Ended ended = Actorvmm.RunCommand(_victim.Run(journal), acknowledged: (_, _) =>
        {
            if (Interlocked.Exchange(ref stopped, 1) == 0)
            {
                server.Stop();
            }
        });
        ShouldSayWhatFailed(ended, "postgres://127.0.0.1:", "");
        ended.DurableThrough.ShouldBeGreaterThan(0);
        server.Start();
        StreamVerdict verdict = _victim.Judge(journal, ended.DurableThrough).ShouldNotBeNull();
        verdict.Condition.ShouldBe(StreamCondition.CutOff);
        _victim.ShouldGoOn(journal, verdict);
    }

    private void ShouldEndTheRun(string journal, string[] command, string why)
    {
        Actorvmm.Ended ended = Actorvmm.RunCommand(command);
        ShouldSayWhatFailed(ended, journal, why);
        StreamVerdict? verdict = _victim.Judge(journal, ended.DurableThrough);
        verdict?.Condition.ShouldBe(StreamCondition.CutOff);
        _victim.ShouldGoOn(journal, verdict);
    }

    private static void ShouldSayWhatFailed(Actorvmm.Ended ended, string journal, string why)
    {
        ended.Code.ShouldBe(Storage, ended.Error);
        ended.Error.ShouldStartWith("actorvmm: " + journal);
        ended.Error.ShouldContain(why);
        ended.Error.TrimEnd('\n').ShouldNotContain('\n');
        ended.Output.ShouldNotContain("\"summary\"");
    }
}
