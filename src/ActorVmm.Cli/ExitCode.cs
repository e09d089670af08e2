namespace ActorVmm.Cli;

/// <summary>What <c>actorvmm</c> tells the program that started it. Promised to users: add, do not renumber.</summary>
internal enum ExitCode
{
    Fine = 0,

    /// <summary>It ran and found something: an expectation failed, a promise was broken, a case failed.</summary>
    Found = 1,

    WrongUsage = 2,

    /// <summary>An input was rejected, with file, line and column.</summary>
    InputRejected = 3,

    /// <summary>No run, finding, case or schedule was selected.</summary>
    NothingToDo = 4,

    JournalDamaged = 5,
    MadeByNewerVersion = 6,

    /// <summary>Storage is full, read-only, broken or locked.</summary>
    Storage = 7,

    /// <summary>A bug in ActorVmm.</summary>
    Bug = 70,

    Interrupted = 130,
    Terminated = 143,
}
