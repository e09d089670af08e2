global using ActorVmm.Actors;
global using ActorVmm.Runtime;
