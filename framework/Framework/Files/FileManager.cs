using Microservices.Data;
using Microservices.Data.Queries;
using Microservices.Documents;
using Microservices.Errors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microservices.Files;

/// <summary>
/// Keeps files of the caller's tenant: bytes in the <see cref="IFileStore"/>, and a <see cref="FileDocument"/> for them. Bytes are written before the
/// row and removed after it, so that a row that was committed always has its bytes; bytes whose row was not are swept.
/// </summary>
public sealed partial class FileManager
{
    private const string DocTypeName = "File";

    private readonly TenantDb _db;
    private readonly IFileStore _store;
    private readonly FileStorageOptions _options;
    private readonly FileAddress _urls;

    internal FileManager(TenantDb db, IFileStore store, FileStorageOptions options, FileAddress urls) => (_db, _store, _options, _urls) = (db, store, options, urls);

    /// <summary>The files of a database's tenant, in its transaction.</summary>
    public static FileManager Of(TenantDb db) => new(
        db,
        db.Services.GetRequiredService<IFileStore>(),
        db.Services.GetRequiredService<IOptions<FileStorageOptions>>().Value,
        db.Services.GetRequiredService<FileAddress>());

    /// <summary>Keeps a file.</summary>
    /// <param name="upload">What is told of it.</param>
    /// <param name="content">Its bytes, read once.</param>
    /// <param name="ignorePermissions">True lets code attach to a document that the caller may not write.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="PermissionException">The caller may not write the document.</exception>
    /// <exception cref="MaxFileSizeReachedException">It is larger than the service takes.</exception>
    /// <exception cref="FileTypeNotAllowedException">Its extension is not taken.</exception>
    /// <exception cref="AttachmentLimitReachedException">The document has as many files as it may have.</exception>
    public async Task<FileDocument> AddAsync(FileUpload upload, Stream content, bool ignorePermissions = false, CancellationToken cancellationToken = default)
    {
        await using var staged = await StagedFile.ReceiveAsync(content, _options.MaxBytes, cancellationToken);
        return await AddAsync(upload, staged, ignorePermissions, cancellationToken);
    }

    /// <summary>Keeps the address of a file elsewhere, which is never asked for anything.</summary>
    /// <inheritdoc cref="AddAsync(FileUpload, Stream, bool, CancellationToken)"/>
    public async Task<FileDocument> AddLinkAsync(FileUpload upload, string url, bool ignorePermissions = false, CancellationToken cancellationToken = default)
    {
        var address = FileAddress.Remote(url);
        var given = upload.FileName.Length > 0 ? upload.FileName : Uri.UnescapeDataString(address.Segments[^1]).Trim('/');
        var row = Row(upload, FileNames.Clean(given.Length > 0 ? given : address.Host));
        (row.FileUrl, row.IsPrivate) = (url, upload.IsPrivate);
        return await InsertAsync(upload, row, ignorePermissions, prepare: null, cancellationToken);
    }

    /// <summary>Attaches a file that the caller may read a second time: a row of its own, the same bytes.</summary>
    /// <exception cref="DoesNotExistException">There is no such file, or the caller may not read it.</exception>
    /// <inheritdoc cref="AddAsync(FileUpload, Stream, bool, CancellationToken)"/>
    public async Task<FileDocument> AddCopyAsync(FileUpload upload, string file, bool ignorePermissions = false, CancellationToken cancellationToken = default)
    {
        if (await FindReadableAsync([new("name", file)], cancellationToken) is not { } source)
        {
            throw new DoesNotExistException($"{DocTypeName} {file} not found");
        }

        var row = Row(upload, source.FileName);
        return await InsertAsync(
            upload,
            row,
            ignorePermissions,
            async () => Share(row, await LockAsync(source.Name, cancellationToken) ?? throw new DoesNotExistException($"{DocTypeName} {file} not found")),
            cancellationToken);
    }

    /// <summary>Keeps a file of a document and shows it in one of its fields, if the upload names one, as one change.</summary>
    /// <exception cref="DataException">The document has no such field.</exception>
    internal async Task<FileDocument> AttachAsync(FileUpload upload, Stream content, CancellationToken cancellationToken)
    {
        await using var staged = await StagedFile.ReceiveAsync(content, _options.MaxBytes, cancellationToken);
        FileDocument? file = null;
        await _db.TransactionAsync(
            async () =>
            {
                file = await AddAsync(upload, staged, ignorePermissions: false, cancellationToken);
                if (file is { AttachedToField: { } field, AttachedToDoctype: { } docType, AttachedToName: { } name })
                {
                    _ = _db.DocTypes.Get(docType).Column(field) is { IsStandard: false } ? field : throw new DataException($"{docType} has no field {field}");
                    await _db.UpdateAsync(docType, name, document => document[field] = file.FileUrl, ignorePermissions: false, cancellationToken);
                }
            },
            cancellationToken);
        return file!;
    }

    /// <summary>An address elsewhere, or that of a file here that the caller may read.</summary>
    internal async Task<FileDocument> AddUrlAsync(FileUpload upload, string url, CancellationToken cancellationToken)
    {
        if (!_urls.IsPrivate(url) && !_urls.IsPublic(url, out _))
        {
            return await AddLinkAsync(upload, url, ignorePermissions: false, cancellationToken);
        }

        var source = await FindReadableAsync([new("file_url", url)], cancellationToken) ?? throw new ValidationException("file_url names no file that you may read");
        return await AddCopyAsync(upload, source.Name, ignorePermissions: false, cancellationToken);
    }

    /// <summary>The bytes of a file from its start; the stream can seek.</summary>
    /// <exception cref="ValidationException">It is an address elsewhere.</exception>
    public Stream Open(FileDocument file) => file.StorageKey is { } key
        ? new StoredStream(_store, key, file.FileSize)
        : throw new ValidationException($"{file.FileName} is kept elsewhere");

    internal async Task<FileDocument> AddAsync(FileUpload upload, StagedFile staged, bool ignorePermissions, CancellationToken cancellationToken)
    {
        var row = Row(upload, FileNames.Clean(upload.FileName));
        RequireType(row.FileName);
        (row.FileSize, row.ContentHash, row.Digest, row.IsPrivate) = (staged.Size, staged.Md5, staged.Sha256, upload.IsPrivate);
        // Looked for again, under a lock, in the transaction; the bytes of a new file travel before it, for they may take their time.
        var key = await FindTwinAsync(row, cancellationToken) is null ? await WriteAsync(staged, cancellationToken) : null;
        try
        {
            var saved = await InsertAsync(upload, row, ignorePermissions, PrepareAsync, cancellationToken);
            if (key is not null && saved.StorageKey != key)
            {
                _db.AfterCommit(stop => _store.DeleteAsync(key, stop)); // another upload of the same bytes was first
            }

            return saved;
        }
        catch (FrameworkException refusal) when (refusal.StatusCode < 500 && key is not null)
        {
            await _store.DeleteAsync(key, CancellationToken.None);
            throw;
        }

        async Task PrepareAsync()
        {
            if (await FindTwinAsync(row, cancellationToken) is { } twin && await LockAsync(twin, cancellationToken) is { StorageKey: not null } locked && locked.IsPrivate == row.IsPrivate)
            {
                Share(row, locked);
                return;
            }

            row.StorageKey = key ??= await WriteAsync(staged, cancellationToken);
            await AddressAsync(row, cancellationToken);
        }
    }

    private static FileDocument Row(FileUpload upload, string fileName) => new()
    {
        FileName = fileName,
        Folder = FileFolder.Check(upload.Folder),
        AttachedToDoctype = Given(upload.DocType),
        AttachedToName = Given(upload.DocName),
        AttachedToField = Given(upload.FieldName),
    };

    private static string? Given(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private static void Share(FileDocument row, FileDocument source) =>
        (row.FileUrl, row.IsPrivate, row.FileSize, row.ContentHash, row.Digest, row.StorageKey, row.PublicId) =
        (source.FileUrl, source.IsPrivate, source.FileSize, source.ContentHash, source.Digest, source.StorageKey, source.PublicId);

    private async Task<FileDocument> InsertAsync(FileUpload upload, FileDocument row, bool ignorePermissions, Func<Task>? prepare, CancellationToken cancellationToken)
    {
        await _db.TransactionAsync(
            async () =>
            {
                if (!ignorePermissions)
                {
                    await RequireAttachAsync(upload.DocType, upload.DocName, cancellationToken);
                }

                await RequireRoomAsync(upload.DocType, upload.DocName, cancellationToken);
                await (prepare?.Invoke() ?? Task.CompletedTask);
                await InsertOnceMoreAsync(row, cancellationToken);
            },
            cancellationToken);
        return row;
    }

    // Two uploads of one name that do not see each other: the second to come takes another address.
    private async Task InsertOnceMoreAsync(FileDocument row, CancellationToken cancellationToken)
    {
        try
        {
            await _db.InsertAsync(row, ignorePermissions: true, cancellationToken);
        }
        catch (UniqueValidationException) when (row.AddressKey is not null)
        {
            row.FileName = FileNames.WithMark(row.FileName, FileKeys.NewId()[..6]);
            row.AddressKey = row.FileUrl = _urls.Private(row.FileName);
            await _db.InsertAsync(row, ignorePermissions: true, cancellationToken);
        }
    }

    private async Task<string> WriteAsync(StagedFile staged, CancellationToken cancellationToken)
    {
        var key = FileKeys.Bytes(_db.Tenant, FileKeys.NewId());
        await _store.WriteAsync(key, staged.Content, cancellationToken);
        return key;
    }

    /// <summary>A row of this tenant with the same bytes and the same privacy.</summary>
    private async Task<string?> FindTwinAsync(FileDocument row, CancellationToken cancellationToken)
    {
        var twins = await _db.GetAllAsync(
            DocTypeName, new ListQuery { Filters = [new("digest", row.Digest), new("is_private", row.IsPrivate), new("file_size", row.FileSize)], OrderBy = "creation asc", Limit = 1 }, cancellationToken);
        return twins.Count > 0 ? (string)twins[0]["name"]! : null;
    }

    // While it is locked nobody deletes the row, and with it the bytes.
    private async Task<FileDocument?> LockAsync(string name, CancellationToken cancellationToken) =>
        await DocumentReader.LoadAsync(_db, _db.DocTypes.Get(DocTypeName), name, forUpdate: true, cancellationToken) as FileDocument;
}
