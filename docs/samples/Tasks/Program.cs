var app = Microservice.Create("tasks", args);

app.RegisterResource<TodoList>();                 // table, /api/resource/Todo List, permissions, hooks, documentation
app.RegisterResources("doctypes/");               // the same from Frappe's DocType JSON files

app.SecureRoute("GET", "/tasks/open", async (TenantDb db, CancellationToken ct, int atLeast = 1) =>
    await db.QueryAsync<OpenTasks>($"""
        select owner, count(*) as count from {db.Table("Todo List")}
        where done = {false} group by owner having count(*) >= {atLeast}
        """, ct));

app.On("Todo List", DocumentEvent.AfterInsert, (TodoList list, ILogger<TodoList> log) =>
    log.LogInformation("{List} was made", list.Name));

app.Run();

[DocType("Todo List", Naming = "TODO-.YYYY.-.#####")]
[Permission("All", Rights.All, IfOwner = true)]
[Permission("System Manager", Rights.All)]
public sealed class TodoList : Document
{
    [Field(Required = true)]
    public string Title { get; set; } = "";

    public bool Done { get; set; }

    [Table]
    public List<TodoItem> Items { get; set; } = [];

    protected override ValueTask Validate(DocumentContext context)
    {
        Done = Items.Count > 0 && Items.All(item => item.Done);
        return default;
    }
}

[DocType("Todo Item")]
public sealed class TodoItem : Document
{
    [Field(Required = true)]
    public string Task { get; set; } = "";

    public bool Done { get; set; }
}

public sealed record OpenTasks(string Owner, long Count);
