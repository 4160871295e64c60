namespace Microservices.Architecture;

public sealed class GatewayNeutralityTests
{
    [Fact]
    public void SourceOfTheGateway_NamesNoService()
    {
        string[] services = [.. Directory.GetDirectories(Path.Combine(Repository.Root, "services")).Select(folder => Path.GetFileName(folder)).Except(["Central"])];
        IEnumerable<string> sources = Directory.GetFiles(Path.Combine(Repository.Root, "gateway", "Gateway"), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal));

        Assert.NotEmpty(services);
        Assert.All(sources, path => Assert.All(services, service => Assert.DoesNotContain(service, File.ReadAllText(path), StringComparison.OrdinalIgnoreCase)));
    }
}
