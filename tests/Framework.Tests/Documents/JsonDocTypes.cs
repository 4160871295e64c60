namespace Microservices.Framework.Tests.Documents;

/// <summary>Registers DocTypes from the text of their JSON files.</summary>
internal static class JsonDocTypes
{
    public static void RegisterJson(this Microservice service, params string[] files)
    {
        foreach (var json in files)
        {
            var path = Path.Combine(Path.GetTempPath(), Guid.NewGuid().ToString("N") + ".json");
            File.WriteAllText(path, json);
            try
            {
                service.RegisterResources(path);
            }
            finally
            {
                File.Delete(path);
            }
        }
    }
}
