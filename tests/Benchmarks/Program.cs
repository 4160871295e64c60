using System.CommandLine;
using Microservices.Benchmarks.Central;
using Microservices.Benchmarks.Data;
using Microservices.Benchmarks.Framework;
using Microservices.Benchmarks.Handwritten;
using Microservices.Benchmarks.Load;
using Microservices.Benchmarks.Running;
using Microservices.Benchmarks.Tokens;

RootCommand root = new("The framework's endpoints beside the same endpoints written by hand.")
{
    RunCommand.Create(),
    TokensCommand.Create(),
    TokenEndpointCommand.Create(),
    SeedCommand.Create(),
    HandwrittenCommand.Create(),
    FrameworkCommand.Create(),
    CentralCommand.Create(),
    LoadCommand.Create(),
};
return await root.Parse(args).InvokeAsync();
