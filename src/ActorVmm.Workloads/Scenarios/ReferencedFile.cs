namespace ActorVmm.Workloads.Scenarios;

/// <summary>A file that a scenario refers to.</summary>
/// <param name="Path">Where it is, from the root.</param>
/// <param name="Sha256">SHA-256 of the file as it is.</param>
public sealed record ReferencedFile(string Path, string Sha256);
