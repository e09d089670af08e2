global using ActorVmm.Actors;
