global using ActorVmm.Actors;
global using ActorVmm.Protocol;
global using ActorVmm.Specifications.Judging;
global using ActorVmm.Specifications.Tests.Histories;
global using Told = ActorVmm.Actors.Fact;
