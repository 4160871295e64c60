using System.Text;
using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Documents;

namespace Microservices.Files;

public sealed partial class FileManager
{
    /// <summary>
    /// Gives a file whose privacy has changed its other address, and every row that shares the old one with it and that the caller may change, too. Others keep
    /// theirs: who has a copy decides nothing about the file it was made from.
    /// </summary>
    internal async Task MoveAsync(FileDocument file, CancellationToken cancellationToken)
    {
        var (oldUrl, oldId) = (file.FileUrl, file.PublicId);
        (file.PublicId, file.AddressKey) = (null, null);
        await AddressAsync(file, cancellationToken);
        var others = await _db.GetAllAsync(DocTypeName, new ListQuery { Filters = [new("file_url", oldUrl), new("name", "!=", file.Name)], Limit = int.MaxValue }, cancellationToken);
        foreach (var other in others)
        {
            if (!await MayAsync(Rights.Write, await _db.GetDocAsync<FileDocument>((string)other["name"]!, cancellationToken), cancellationToken))
            {
                continue;
            }

            await _db.UpdateAsync<FileDocument>(
                (string)other["name"]!,
                row => (row.FileUrl, row.IsPrivate, row.PublicId, row.AddressKey, row.FollowsAnother) = (file.FileUrl, file.IsPrivate, file.PublicId, null, true),
                ignorePermissions: true,
                cancellationToken);
        }

        if (oldId is not null)
        {
            _db.AfterCommit(stop => DeleteNoteAsync(oldId, stop));
        }
    }

    /// <summary>Removes the bytes of a deleted row once it is gone for good, unless another row has them too.</summary>
    internal void ReleaseAfterCommit(FileDocument file)
    {
        if (file.StorageKey is not { } key)
        {
            return;
        }

        _db.AfterCommit(async stop =>
        {
            if (file.PublicId is { } id)
            {
                await DeleteNoteAsync(id, stop);
            }

            if (!await IsUsedAsync("storage_key", key, stop))
            {
                await _store.DeleteAsync(key, stop);
            }
        });
    }

    private async Task DeleteNoteAsync(string id, CancellationToken cancellationToken)
    {
        if (!await IsUsedAsync("public_id", id, cancellationToken))
        {
            await _store.DeleteAsync(FileKeys.Note(id), cancellationToken);
        }
    }

    /// <summary>Whether a row of this tenant has a value in a field.</summary>
    internal async Task<bool> IsUsedAsync(string field, string value, CancellationToken cancellationToken) =>
        (await _db.GetAllAsync(DocTypeName, new ListQuery { Filters = [new(field, value)], Limit = 1 }, cancellationToken)).Count > 0;

    /// <summary>Makes the address of bytes that have none: a private one by its name, a public one by an id that cannot be guessed.</summary>
    private async Task AddressAsync(FileDocument file, CancellationToken cancellationToken)
    {
        if (await IsTakenAsync(file, cancellationToken))
        {
            file.FileName = FileNames.WithMark(file.FileName, file.ContentHash![^6..]);
            if (await IsTakenAsync(file, cancellationToken))
            {
                file.FileName = FileNames.WithMark(file.FileName, FileKeys.NewId()[..6]);
            }
        }

        if (file.IsPrivate)
        {
            file.AddressKey = file.FileUrl = _urls.Private(file.FileName);
            return;
        }

        file.PublicId = FileKeys.NewId();
        file.FileUrl = _urls.Public(file.PublicId, file.FileName);
        using var note = new MemoryStream(Encoding.UTF8.GetBytes(_db.Tenant.Id));
        await _store.WriteAsync(FileKeys.Note(file.PublicId), note, cancellationToken);
    }

    private async Task<bool> IsTakenAsync(FileDocument file, CancellationToken cancellationToken)
    {
        Filter[] same = file.IsPrivate
            ? [new("file_url", _urls.Private(file.FileName))]
            : [new("file_name", file.FileName), new("is_private", false), new("name", "!=", file.Name)];
        return (await _db.GetAllAsync(DocTypeName, new ListQuery { Filters = same, Limit = 1 }, cancellationToken)).Count > 0;
    }
}
