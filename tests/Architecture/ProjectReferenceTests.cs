using System.Xml.Linq;

namespace Microservices.Architecture;

/// <summary>Dependencies point one way: services to the framework, the framework to its client, and nothing to a service.</summary>
public sealed class ProjectReferenceTests
{
    [Theory]
    [InlineData("framework/Framework.Client/Framework.Client.csproj")]
    [InlineData("framework/Framework/Framework.csproj", "Framework.Client")]
    [InlineData("gateway/Gateway/Gateway.csproj")]
    [InlineData("services/Central/Central.csproj", "Framework")]
    [InlineData("services/Orders/Orders.csproj", "Framework")]
    [InlineData("services/Signup/Signup.csproj", "Framework")]
    [InlineData("services/Notifications/Notifications.csproj", "Framework")]
    public void Project_ReferencesOnlyWhatItMayKnow(string project, params string[] allowed)
    {
        IEnumerable<string> referenced = Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

        Assert.Empty(referenced.Except(allowed));
    }

    [Fact]
    public void Client_NeedsNoAspNetCore()
    {
        Assert.Empty(Items("framework/Framework.Client/Framework.Client.csproj", "FrameworkReference"));
    }

    [Fact]
    public void EveryProject_IsInTheSolution()
    {
        string solution = File.ReadAllText(Path.Combine(Repository.Root, "Microservices.sln")).Replace('\\', '/');
        IEnumerable<string> projects = new[] { "framework", "services", "gateway", "deploy", "tests" }
            .SelectMany(folder => Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.csproj", SearchOption.AllDirectories))
            .Select(path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'));

        Assert.All(projects, project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Items(string project, string item) =>
        XDocument.Load(Path.Combine(Repository.Root, project)).Descendants(item).Select(element => element.Attribute("Include")!.Value);
}
