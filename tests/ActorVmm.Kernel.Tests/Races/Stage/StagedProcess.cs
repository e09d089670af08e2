using ActorVmm.Actors;
using ActorVmm.Protocol;

namespace ActorVmm.Kernel.Tests.Races;

/// <summary>A process on a stage. Each operation that a test gives it is carried out by a thread of its own.</summary>
internal sealed class StagedProcess(RaceStage stage, Process process, ActorId id)
{
    public ActorId Id { get; } = id;

    public Process Process { get; } = process;

    public bool IsThere => Process.State is ProcessState.Running;

    /// <summary>A thread has carried out the operation as far as it gets: it is done, or waits for somebody.</summary>
    public Errand Begins(Operation operation)
    {
        var errand = stage.Entrust(this, operation);
        stage.Deliver<Perform>(Id);
        stage.Deliver<RunThreads>(Id);
        return errand;
    }

    /// <summary>The same for a call of its own.</summary>
    public Errand Begins(BeginCall call, params IReadOnlyList<ulong> words)
    {
        var errand = stage.Entrust(this, call, words);
        stage.Deliver<RunThreads>(Id);
        return errand;
    }

    /// <summary>The call is carried out, and everything that follows from it and is not held.</summary>
    public void Does(BeginCall call, params IReadOnlyList<ulong> words)
    {
        var errand = stage.Entrust(this, call, words);
        stage.Settle();
        errand.ShouldHaveEnded();
    }

    /// <summary>The operation is carried out, and everything that follows from it and is not held.</summary>
    public void Does(Operation operation, NtStatus status = NtStatus.Success)
    {
        var errand = stage.Entrust(this, operation);
        stage.Settle();
        errand.ShouldHaveEnded(status);
    }

    /// <summary>It has been told to exit and has heard it.</summary>
    public void Exits()
    {
        stage.Inject(Id, new ExitProcess(NtStatus.Success));
        stage.Deliver<ExitProcess>(Id);
    }

    /// <summary>The PTE of this page names this frame, or named it last.</summary>
    public Pfn FrameOf(int page) => stage.StatedBy<PageMapped>(Id).Last(fact => fact.Vpn == Step.Vpn(page)).Pfn;

    /// <summary>Where the page's frame is, by the PFN database.</summary>
    public PageLocation LocationOf(int page) => stage.LocationOf(FrameOf(page));

    public int Counted(FaultKind kind) => (int)(Process.Faults.Length == 0 ? 0 : Process.Faults[(int)kind]);

    public void ReadBack(StampLedger ledger)
    {
        foreach (var page in ledger.PagesOf(Id))
        {
            Does(new Operation(OperationKind.Read, page.Start.Value, 1));
            var loaded = stage.Stated<PageLoaded>()[^1];
            loaded.Vpn.ShouldBe(page, stage.Transcript);
            loaded.Stamp.ShouldBe(ledger[Id, page], $"page {page} contains what was last stored to it{stage.Transcript}");
        }
    }

    public static implicit operator ActorId?(StagedProcess process) => process.Id;
}

/// <summary>One operation in the hands of a thread.</summary>
internal sealed class Errand(RaceStage stage, StagedProcess process, string what)
{
    public bool Waits => Status is null;

    /// <summary>How it ended; null while it has not.</summary>
    public NtStatus? Status { get; private set; }

    /// <summary>Whoever it waited for has answered and it runs again, once.</summary>
    public Errand Retries()
    {
        ShouldWait();
        stage.Deliver<RunThreads>(process.Id);
        return this;
    }

    public void ShouldWait() => Status.ShouldBeNull($"{what} waits{stage.Transcript}");

    public void ShouldHaveEnded(NtStatus status = NtStatus.Success) => Status.ShouldBe(status, $"{what} ended{stage.Transcript}");

    internal void End(NtStatus status)
    {
        Status.ShouldBeNull($"{what} ends once{stage.Transcript}");
        Status = status;
    }
}
