using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json;
using Dapper;
using Microservices.Benchmarks.Data;
using Microservices.Benchmarks.Running;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MySql.Data.MySqlClient;

namespace Microservices.Benchmarks.Handwritten;

/// <summary>
/// The yardstick: what an expert writes by hand for one table. Minimal API, Dapper, one statement for each request, pooled connections
/// with the driver's own defaults, a token that is looked up in a dictionary. No permissions, hooks, validation or versions.
/// </summary>
internal sealed class HandwrittenServer(string connectionString, FrozenDictionary<string, string> tenantOfToken)
{
    private const string Route = $"/api/resource/{BenchItem.DocType}";
    private const string Bearer = "Bearer ";

    private const string ListSql = $"""
        select name as Name, customer as Customer, status as Status, quantity as Quantity, amount as Amount, modified as Modified
        from `{BenchItem.Table}` where tenant_id = @tenant order by modified desc limit 20
        """;

    private const string GetSql = $"""
        select name as Name, owner as Owner, creation as Creation, modified as Modified, modified_by as ModifiedBy, docstatus as Docstatus,
            idx as Idx, customer as Customer, status as Status, quantity as Quantity, amount as Amount, due as Due
        from `{BenchItem.Table}` where tenant_id = @tenant and name = @name
        """;

    private const string InsertSql = $"""
        insert into `{BenchItem.Table}` (tenant_id, name, owner, creation, modified, modified_by, customer, status, quantity, amount, due)
        values (@Tenant, @Name, @Owner, @Creation, @Modified, @ModifiedBy, @Customer, @Status, @Quantity, @Amount, @Due)
        """;

    private const string UpdateSql = $"""
        update `{BenchItem.Table}` set status = @Status, quantity = @Quantity, amount = @Amount, modified = @modified, modified_by = @user
        where tenant_id = @tenant and name = @name
        """;

    public static async Task RunAsync(string connectionString, IReadOnlyList<string> tokens, int port, CancellationToken cancellationToken)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ItemJson.Default);
        });
        await using WebApplication app = builder.Build();
        HandwrittenServer server = new(connectionString, tokens.Select((token, tenant) => KeyValuePair.Create(token, BenchItem.Tenant(tenant))).ToFrozenDictionary());
        app.MapGet(Route, server.ListAsync);
        app.MapGet(Route + "/{name}", server.GetAsync);
        app.MapPost(Route, server.CreateAsync);
        app.MapPut(Route + "/{name}", server.UpdateAsync);
        await ServerProtocol.RunAsync(app, cancellationToken);
    }

    private async Task<Results<Ok<Answer<IEnumerable<ItemSummary>>>, UnauthorizedHttpResult>> ListAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (TenantOf(request) is not { } tenant)
        {
            return TypedResults.Unauthorized();
        }

        await using MySqlConnection connection = new(connectionString);
        IEnumerable<ItemSummary> items = await connection.QueryAsync<ItemSummary>(new CommandDefinition(ListSql, new { tenant }, cancellationToken: cancellationToken));
        return TypedResults.Ok(new Answer<IEnumerable<ItemSummary>>(items));
    }

    private async Task<Results<Ok<Answer<Item>>, NotFound, UnauthorizedHttpResult>> GetAsync(HttpRequest request, string name, CancellationToken cancellationToken)
    {
        if (TenantOf(request) is not { } tenant)
        {
            return TypedResults.Unauthorized();
        }

        await using MySqlConnection connection = new(connectionString);
        Item? item = await connection.QuerySingleOrDefaultAsync<Item>(new CommandDefinition(GetSql, new { tenant, name }, cancellationToken: cancellationToken));
        return item is null ? TypedResults.NotFound() : TypedResults.Ok(new Answer<Item>(item));
    }

    private async Task<Results<Ok<Answer<Item>>, UnauthorizedHttpResult>> CreateAsync(HttpRequest request, [FromBody] ItemInput input, CancellationToken cancellationToken)
    {
        if (TenantOf(request) is not { } tenant)
        {
            return TypedResults.Unauthorized();
        }

        DateTime now = TimeProvider.System.GetUtcNow().UtcDateTime;
        Item item = new()
        {
            Name = RandomNumberGenerator.GetHexString(10, lowercase: true),
            Owner = tenant,
            Creation = now,
            Modified = now,
            ModifiedBy = tenant,
            Customer = input.Customer,
            Status = input.Status,
            Quantity = input.Quantity,
            Amount = input.Amount,
            Due = input.Due,
        };
        await using MySqlConnection connection = new(connectionString);
        await connection.ExecuteAsync(new CommandDefinition(
            InsertSql,
            new { Tenant = tenant, item.Name, item.Owner, item.Creation, item.Modified, item.ModifiedBy, item.Customer, item.Status, item.Quantity, item.Amount, item.Due },
            cancellationToken: cancellationToken));
        return TypedResults.Ok(new Answer<Item>(item));
    }

    private async Task<Results<Ok<Answer<ItemChange>>, NotFound, UnauthorizedHttpResult>> UpdateAsync(HttpRequest request, string name, [FromBody] ItemInput input, CancellationToken cancellationToken)
    {
        if (TenantOf(request) is not { } tenant)
        {
            return TypedResults.Unauthorized();
        }

        DateTime modified = TimeProvider.System.GetUtcNow().UtcDateTime;
        await using MySqlConnection connection = new(connectionString);
        int found = await connection.ExecuteAsync(new CommandDefinition(
            UpdateSql,
            new { tenant, name, input.Status, input.Quantity, input.Amount, modified, user = tenant },
            cancellationToken: cancellationToken));
        return found == 0 ? TypedResults.NotFound() : TypedResults.Ok(new Answer<ItemChange>(new ItemChange(name, input.Status, input.Quantity, input.Amount, modified, tenant)));
    }

    private string? TenantOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } header] && header.StartsWith(Bearer, StringComparison.Ordinal)
            ? tenantOfToken.GetValueOrDefault(header[Bearer.Length..])
            : null;
}
