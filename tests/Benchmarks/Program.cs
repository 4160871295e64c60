using System.CommandLine;
using Microservices.Benchmarks.Data;
using Microservices.Benchmarks.Framework;
using Microservices.Benchmarks.Handwritten;
using Microservices.Benchmarks.Load;
using Microservices.Benchmarks.Running;

RootCommand root = new("The framework's endpoints beside the same endpoints written by hand.")
{
    RunCommand.Create(),
    SeedCommand.Create(),
    HandwrittenCommand.Create(),
    FrameworkCommand.Create(),
    LoadCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
