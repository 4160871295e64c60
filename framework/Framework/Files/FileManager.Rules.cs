using Microservices.Data.Queries;
using Microservices.Documents;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Security;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Files;

public sealed partial class FileManager
{
    private const int MaxCandidates = 200;

    /// <summary>Refuses to attach a file to a document that the caller may not write. One that is not saved yet needs the right to write such documents.</summary>
    /// <exception cref="PermissionException">The caller may not.</exception>
    internal async Task RequireAttachAsync(string? docTypeName, string? name, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(docTypeName))
        {
            return;
        }

        if (string.IsNullOrEmpty(name))
        {
            throw new ValidationException("docname is missing: a file is attached to one document");
        }

        var docType = _db.DocTypes.Get(docTypeName);
        if (docType.Definition.IsTable || docType.Definition.IsVirtual || docType.Name == DocTypeName)
        {
            throw new ValidationException($"No file can be attached to {docType.Name}");
        }

        var access = Access.Of(_db.User, docType);
        access.Require(Rights.Write);
        if ((docType.Definition.IsSingle || await _db.ExistsAsync(docType.Name, name, cancellationToken))
            && !await DocumentAccess.MayAsync(_db, docType.Name, name, Rights.Write, cancellationToken))
        {
            throw access.Denied(Rights.Write);
        }
    }

    /// <summary>The first of the rows that the caller may read, his own before others.</summary>
    internal async Task<FileDocument?> FindReadableAsync(Filter[] filters, CancellationToken cancellationToken)
    {
        foreach (var owner in (Filter[])[new("owner", _db.User.Name), new("owner", "!=", _db.User.Name)])
        {
            var rows = await _db.GetAllAsync(DocTypeName, new ListQuery { Filters = [.. filters, owner], Limit = MaxCandidates }, cancellationToken);
            foreach (var row in rows)
            {
                if (await DocumentReader.LoadAsync(_db, _db.DocTypes.Get(DocTypeName), (string)row["name"]!, forUpdate: false, cancellationToken) is FileDocument file
                    && await MayAsync(Rights.Read, file, cancellationToken))
                {
                    return file;
                }
            }
        }

        return null;
    }

    /// <summary>Leaves a remark on the document that a file came to or went from.</summary>
    internal async ValueTask RemarkAsync(FileDocument file, string kind, CancellationToken cancellationToken)
    {
        if (file is { AttachedToDoctype: { } docType, AttachedToName: { } name } && _db.DocTypes.Find(docType) is { } found
            && (found.Definition.IsSingle || await _db.ExistsAsync(docType, name, cancellationToken)))
        {
            await _db.InsertAsync(new Comment { CommentType = kind, ReferenceDoctype = docType, ReferenceName = name, Content = file.FileName }, ignorePermissions: true, cancellationToken);
        }
    }

    private async Task<bool> MayAsync(Rights right, FileDocument file, CancellationToken cancellationToken)
    {
        try
        {
            return (await _db.Services.GetRequiredService<DocumentPermissions>().DecideAsync(_db, right, file, cancellationToken)).IsAllowed;
        }
        catch (DoesNotExistException)
        {
            return false; // nor may he know of it
        }
    }

    private void RequireType(string fileName)
    {
        var extension = Path.GetExtension(fileName).TrimStart('.');
        if (_options.AllowedExtensions.Count > 0 && !_options.AllowedExtensions.Contains(extension, StringComparer.OrdinalIgnoreCase))
        {
            throw new FileTypeNotAllowedException($"Files of type {extension} are not allowed");
        }
    }

    // The document is locked while its files are counted, so that uploads at the same time do not pass the limit together.
    private async Task RequireRoomAsync(string? docTypeName, string? name, CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(docTypeName) || string.IsNullOrEmpty(name) || _db.DocTypes.Find(docTypeName) is not { Definition.MaxAttachments: > 0 and var most } docType)
        {
            return;
        }

        await DocumentReader.LoadAsync(_db, docType, name, forUpdate: true, cancellationToken);
        if (await _db.CountAsync(DocTypeName, new ListQuery { Filters = [new("attached_to_name", name), new("attached_to_doctype", docType.Name)] }, cancellationToken) >= most)
        {
            throw new AttachmentLimitReachedException($"{docType.Name} {name} has its {most} attachments already");
        }
    }
}
