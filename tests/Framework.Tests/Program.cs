using Microservices.Framework.Tests.Support;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Microservices.Framework.Tests;

/// <summary>Runs the tests, or is the service that one of them kills.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is [ServiceProcess.Argument])
        {
            await ServiceProcess.ServeAsync();
            return 0;
        }

        // As xunit's generated entry point does.
        return args.Any(argument => argument is "--server" or "--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
