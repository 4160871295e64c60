using Microservices.Data.Permissions;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microservices.Data;

/// <summary>
/// The database as one tenant sees it. Every statement it writes carries the tenant; what another tenant owns does not exist here.
/// Documents are read and written through the lifecycle, by the methods that the Documents layer adds.
/// </summary>
public sealed partial class TenantDb
{
    private readonly UnitOfWork _unitOfWork;
    private readonly TimeProvider _time;

    internal TenantDb(UnitOfWork unitOfWork, DocTypeRegistry docTypes, CurrentUser user, IServiceProvider services, TimeProvider time)
    {
        _unitOfWork = unitOfWork;
        _time = time;
        DocTypes = docTypes;
        User = user;
        Services = services;
    }

    /// <summary>The tenant.</summary>
    public Tenant Tenant => User.Tenant;

    /// <summary>Who acts.</summary>
    public CurrentUser User { get; }

    /// <summary>The DocTypes of the service.</summary>
    public DocTypeRegistry DocTypes { get; }

    /// <summary>Now, UTC, cut to what the databases keep.</summary>
    public DateTime Now => FieldValue.Microseconds(_time.GetUtcNow().UtcDateTime);

    internal IServiceProvider Services { get; }

    internal UnitOfWork UnitOfWork => _unitOfWork;

    /// <summary>Lists rows without regard to the caller's permissions: for code that decides itself.</summary>
    /// <exception cref="DoesNotExistException">There is no such DocType.</exception>
    /// <exception cref="DataException">The query names something that the DocType does not have.</exception>
    public Task<IReadOnlyList<Row>> GetAllAsync(string docType, ListQuery? query = null, CancellationToken cancellationToken = default) =>
        ListAsync(docType, query, user: null, cancellationToken);

    /// <summary>Lists the rows that the caller may read.</summary>
    /// <exception cref="PermissionException">The caller may read none.</exception>
    /// <inheritdoc cref="GetAllAsync"/>
    public Task<IReadOnlyList<Row>> GetListAsync(string docType, ListQuery? query = null, CancellationToken cancellationToken = default) =>
        ListAsync(docType, query, User, cancellationToken);

    /// <summary>One field of one document, or null when there is no such document; permissions do not apply.</summary>
    public async Task<object?> GetValueAsync(string docType, string name, string field, CancellationToken cancellationToken = default)
    {
        var rows = await GetAllAsync(docType, new() { Fields = [field], Filters = [new("name", name)], Limit = 1 }, cancellationToken);
        return rows.Count > 0 ? rows[0].First().Value : null;
    }

    /// <summary>Whether a document is there; permissions do not apply.</summary>
    public async Task<bool> ExistsAsync(string docType, string name, CancellationToken cancellationToken = default) =>
        await GetValueAsync(docType, name, StandardFields.Name, cancellationToken) is not null;

    /// <summary>How many rows the filters of a query leave; permissions do not apply.</summary>
    public async Task<long> CountAsync(string docType, ListQuery? query = null, CancellationToken cancellationToken = default)
    {
        var sql = SelectStatement.BuildCount(this, DocTypes.Get(docType), query ?? new(), user: null);
        await using var result = await _unitOfWork.QueryAsync(sql.ToString(), sql.Values, cancellationToken);
        return result.Read() ? result.Row.GetInt64(0) : 0;
    }

    /// <summary>A DocType's table, already limited to the tenant, for <see cref="QueryAsync{T}"/>.</summary>
    /// <param name="docType">The DocType's name.</param>
    /// <param name="alias">What the query calls it. Null: the DocType's name.</param>
    /// <exception cref="DoesNotExistException">There is no such DocType.</exception>
    public TenantTable Table(string docType, string? alias = null) => new(DocTypes.Get(docType), alias ?? docType);

    /// <summary>
    /// Runs a SELECT of your own. Its holes are parameters; a table is named only by <see cref="Table"/>, which brings the tenant with it.
    /// </summary>
    /// <typeparam name="T">What a row becomes, a record or class, <c>grand_total</c> filling <c>GrandTotal</c>, or one value.</typeparam>
    /// <exception cref="TenantSqlException">The text names a table itself, holds several statements, or is no SELECT.</exception>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(TenantSql sql, CancellationToken cancellationToken = default)
    {
        var (text, values) = sql.Build(Tenant);
        await using var result = await _unitOfWork.QueryAsync(text, values, cancellationToken);
        var rows = new List<T>();
        while (result.Read())
        {
            rows.Add(RowMapping.Map<T>(result.Row));
        }

        return rows;
    }

    /// <summary>Runs several writes as one: all are kept, or none when the work throws.</summary>
    public async Task TransactionAsync(Func<Task> work, CancellationToken cancellationToken = default)
    {
        await using var transaction = await _unitOfWork.BeginAsync(cancellationToken);
        await work();
        await transaction.CompleteAsync(cancellationToken);
    }

    /// <summary>
    /// The database of another tenant, in the same transaction: the one way around the tenant of the request. Every use is logged
    /// with its reason. Never hand it an id that came from a request's data.
    /// </summary>
    public TenantDb InTenant(Tenant tenant, string reason)
    {
        LogCrossTenant(Services.GetRequiredService<ILogger<TenantDb>>(), User.Name, Tenant.Id, tenant.Id, reason);
        return new TenantDb(_unitOfWork, DocTypes, CurrentUser.Service(tenant), Services, _time);
    }

    /// <summary>The same database as another caller of the tenant sees it, to tell what that one may do.</summary>
    internal TenantDb As(CurrentUser user) => user.Tenant == Tenant
        ? new TenantDb(_unitOfWork, DocTypes, user, Services, _time)
        : throw new InvalidOperationException("The caller belongs to another tenant.");

    internal void AfterCommit(Func<CancellationToken, Task> work) => _unitOfWork.AfterCommit(work);

    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "{User} of tenant {Tenant} acts in tenant {Target}: {Reason}")]
    private static partial void LogCrossTenant(ILogger logger, string user, string tenant, string target, string reason);

    internal DateOnly Today => DateOnly.FromDateTime(Now);

    private async Task<IReadOnlyList<Row>> ListAsync(string docTypeName, ListQuery? query, CurrentUser? user, CancellationToken cancellationToken)
    {
        var docType = DocTypes.Get(docTypeName);
        query ??= new();
        query = user is null ? query : await Services.GetRequiredService<QueryConditions>().ApplyAsync(this, docType, query, cancellationToken);
        var statement = SelectStatement.Build(this, docType, query, user);
        var (sql, columns) = (statement.Sql, statement.Columns);
        if (statement.Nested.Count > 0)
        {
            throw new DataException("Child rows inside a list are for the API: load the document, or list its rows");
        }

        string[] names = [.. columns.Select(column => column.Alias)];
        var rows = new List<Row>();
        try
        {
            await using var result = await _unitOfWork.QueryAsync(sql.ToString(), sql.Values, cancellationToken);
            while (result.Read())
            {
                var values = new object?[names.Length];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = columns[i].Field?.Definition.Type is not FieldType.Password ? _unitOfWork.Dialect.Read(result.Row, i, columns[i].Kind)
                        : result.Row.IsDBNull(i) ? null
                        : StandardFields.Asterisks;
                }

                rows.Add(new Row(names, values));
            }
        }
        catch (DatabaseException exception) when (statement.IsRefusal(exception))
        {
            throw ListStatement.Refusal();
        }

        return rows;
    }
}
