using Microservices.DocTypes;

namespace Microservices.Framework.Tests.DocTypes;

public sealed class DocTypeFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("doctypes-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Folder_GivesItsDocTypesAndThoseBelowByName()
    {
        Write("z/z.json", "Aster");
        Write("b.json", "Rose");
        Write("a/deep/down/c.JSON", "Lily");
        Assert.Equal(["Aster", "Lily", "Rose"], Names());
    }

    [Fact]
    public void OtherFiles_ArePassedOver()
    {
        Write("rose.json", "Rose");
        WriteText("records.json", """[{"doctype":"Rose","name":"x"}]""");
        WriteText("report.json", """{"doctype":"Report","fields":[1]}""");
        WriteText("number.json", "1");
        WriteText("rose.py", "not json");
        WriteText(".hidden/broken.json", "{");
        Assert.Equal(["Rose"], Names());
    }

    [Fact]
    public void Source_IsTheFile()
    {
        Write("a/rose.json", "Rose");
        Assert.Equal(Path.Combine(_folder, "a", "rose.json"), Assert.Single(JsonDocTypeReader.ReadFolder(_folder)).Source);
    }

    [Fact]
    public void EmptyFolder_HasNone() => Assert.Empty(Names());

    [Fact]
    public void BrokenFile_IsToldWithItsPath()
    {
        Write("rose.json", "Rose");
        WriteText("broken.json", "{\n");
        var error = Assert.Throws<DocTypeException>(() => JsonDocTypeReader.ReadFolder(_folder));
        Assert.Equal(Path.Combine(_folder, "broken.json"), error.Origin);
    }

    [Fact]
    public void FileThatIsNotUtf8_IsToldWithItsPath()
    {
        File.WriteAllBytes(Path.Combine(_folder, "latin.json"), [.. "{\"doctype\":\"DocType\",\"name\":\"Caf"u8, 0xE9, .. "\"}"u8]);
        Assert.Contains("latin.json", Assert.Throws<DocTypeException>(() => JsonDocTypeReader.ReadFolder(_folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void FolderThatIsNotThere_IsToldWithItsPath()
    {
        var missing = Path.Combine(_folder, "nowhere");
        Assert.Contains(missing, Assert.Throws<DocTypeException>(() => JsonDocTypeReader.ReadFolder(missing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LinkedFile_IsReadAndAFolderThatHoldsItselfEnds()
    {
        Write("real/rose.json", "Rose");
        File.CreateSymbolicLink(Path.Combine(_folder, "lily.json"), WriteText("other/lily.txt", Text("Lily")));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "real", "loop"), _folder);
        Assert.Equal(["Lily", "Rose"], Names());
    }

    private IEnumerable<string> Names() => JsonDocTypeReader.ReadFolder(_folder).Select(docType => docType.Name);

    private static string Text(string name) => $$"""{"doctype":"DocType","name":"{{name}}"}""";

    private void Write(string file, string name) => WriteText(file, Text(name));

    private string WriteText(string file, string text)
    {
        var path = Path.Combine(_folder, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }
}
