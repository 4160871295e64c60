using Microservices.Errors;

namespace Microservices.Files;

/// <summary>Folders are labels in the form of Frappe's paths: <c>Home</c>, <c>Home/Attachments</c>, <c>Home/Photos</c>. None has to be made first.</summary>
internal static class FileFolder
{
    public const string Home = "Home";

    public const string Attachments = "Home/Attachments";

    /// <exception cref="ValidationException">It is no folder.</exception>
    public static string Check(string? folder)
    {
        if (string.IsNullOrEmpty(folder))
        {
            return Home;
        }

        var parts = folder.Split('/');
        return parts[0] == Home && parts.All(part => part.Trim().Length > 0 && part is not ("." or "..") && !part.Contains('\\', StringComparison.Ordinal) && !part.Any(char.IsControl))
            ? folder
            : throw new ValidationException($"{folder} is no folder: it is Home or starts with Home/");
    }
}
