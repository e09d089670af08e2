global using ActorVmm.Actors;
global using ActorVmm.Protocol;
