global using ActorVmm.Actors;
global using ActorVmm.Protocol;
global using ActorVmm.Specifications.Judging;
global using ActorVmm.Specifications.Known;
