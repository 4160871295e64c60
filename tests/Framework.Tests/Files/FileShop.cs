#pragma warning disable xUnit1051 // The calls are short, and a cancelled run ends the process.
using System.Net.Http.Headers;
using System.Text.Json;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Files;
using Microservices.Framework.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Framework.Tests.Files;

/// <summary>A service whose documents take attachments, with a folder of its own for bytes.</summary>
public sealed class FileShop : IAsyncLifetime
{
    public const string Upload = "/api/method/upload_file";
    public const int MaxBytes = 200_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("files-").FullName;

    internal TestService Service { get; private set; } = null!;

    internal string Folder => _folder;

    internal TestCaller Acme => Service.As("acme");

    internal FileSweeper Sweeper => Service.Services.GetRequiredService<FileSweeper>();

    public async ValueTask InitializeAsync() => Service = await TestService.StartAsync(Describe, settings =>
    {
        settings["Files:Directory"] = _folder;
        settings["Files:MaxBytes"] = $"{MaxBytes}";
        settings["Files:OrphanAge"] = "00:00:00";
        settings["Files:SweepInterval"] = "23:00:00";
        string[] extensions = ["txt", "png", "svg", "html", "pdf", "xml", "bin"];
        for (var i = 0; i < extensions.Length; i++)
        {
            settings[$"Files:AllowedExtensions:{i}"] = extensions[i];
        }
    });

    public async ValueTask DisposeAsync()
    {
        await Service.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    internal static void Describe(Microservice service)
    {
        service.RegisterResource<Letter>();
        service.RegisterResource<Parking>();
        service.On("File", DocumentEvent.AfterInsert, (DocumentContext context) => context.Document.Text("file_name").StartsWith("refused", StringComparison.Ordinal)
            ? throw new Microservices.Errors.ValidationException("refused by a hook")
            : Task.CompletedTask);
        service.On("File", DocumentEvent.AfterInsert, (DocumentContext context) => context.Document.Text("file_name").StartsWith("stalled", StringComparison.Ordinal)
            ? Task.Delay(Timeout.Infinite, context.CancellationToken)
            : Task.CompletedTask);
    }

    /// <summary>The keys of bytes and notes on the disk.</summary>
    internal IReadOnlyList<string> Stored(string tenant) =>
        Directory.Exists(Path.Combine(_folder, "t-" + tenant)) ? [.. Directory.GetFiles(Path.Combine(_folder, "t-" + tenant)).Select(file => Path.GetFileName(file)!)] : [];

    internal static string NewTenant() => "t" + Guid.NewGuid().ToString("N");

    internal static async Task<string> LetterAsync(TestCaller caller)
    {
        var answer = await caller.PostAsync("/api/resource/Letter", new { subject = "s" });
        Assert.True(answer.Status == 201, answer.Text);
        return answer.Data.GetProperty("name").GetString()!;
    }

    /// <summary>A form with a file and fields in the order given; the file stands where its name is <c>file</c>.</summary>
    internal static MultipartFormDataContent Form(string fileName, byte[] bytes, params (string Name, string Value)[] fields)
    {
        var form = new MultipartFormDataContent { HeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 };
        if (!fields.Any(field => field.Name == "file"))
        {
            AddFile();
        }

        foreach (var (name, value) in fields)
        {
            if (name == "file")
            {
                AddFile();
            }
            else
            {
                form.Add(new StringContent(value), name);
            }
        }

        return form;

        void AddFile()
        {
            var content = new ByteArrayContent(bytes);
            content.Headers.TryAddWithoutValidation("Content-Disposition", $"form-data; name=\"file\"; filename=\"{fileName.Replace("\"", "%22", StringComparison.Ordinal)}\"");
            content.Headers.ContentType = new MediaTypeHeaderValue("text/html");
            form.Add(content);
        }
    }

    internal static async Task<JsonElement> SavedAsync(Task<Answer> upload)
    {
        var answer = await upload;
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json.GetProperty("message");
    }

    internal static Task<JsonElement> SaveAsync(TestCaller caller, string fileName, string text, params (string Name, string Value)[] fields) =>
        SavedAsync(caller.PostAsync(Upload, Form(fileName, System.Text.Encoding.UTF8.GetBytes(text), fields)));

    internal static string Url(JsonElement file) => file.GetProperty("file_url").GetString()!;

    internal static string Name(JsonElement file) => file.GetProperty("name").GetString()!;
}

[DocType(Naming = "hash", MaxAttachments = 2)]
[Permission("System Manager", Rights.All)]
[Permission("Reader", Rights.Read)]
[Permission("Owner Only", Rights.All, IfOwner = true)]
public sealed class Letter : Document
{
    public string? Subject { get; set; }

    [FrappeType(FieldType.Attach)]
    public string? Scan { get; set; }
}

[DocType(Naming = "hash")]
[Permission("System Manager", Rights.All)]
public sealed class Parking : Document
{
    public string? Place { get; set; }
}
