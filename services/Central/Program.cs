return await Central.Commands.CommandLine.RunAsync(args);
