Console.Error.WriteLine("No benchmark is built yet.");
return 2;
