using Microservices.Data;
using Microservices.DocTypes;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Documents;

/// <summary>Documents of a <see cref="TenantDb"/>: each write is a whole operation of the lifecycle, in the open transaction or in one of its own.</summary>
public static class TenantDbDocuments
{
    extension(TenantDb db)
    {
        /// <summary>Loads a document with its rows. The caller's permissions do not apply.</summary>
        /// <exception cref="Errors.DoesNotExistException">The tenant has no such document.</exception>
        public async Task<Document> GetDocAsync(string docType, string name, CancellationToken cancellationToken = default) =>
            await DocumentReader.LoadAsync(db, db.DocTypes.Get(docType), name, forUpdate: false, cancellationToken)
            ?? throw DocumentStore.NotFound(db.DocTypes.Get(docType), name);

        /// <inheritdoc cref="GetDocAsync(TenantDb, string, string, CancellationToken)"/>
        /// <typeparam name="T">The DocType's class.</typeparam>
        public async Task<T> GetDocAsync<T>(string name, CancellationToken cancellationToken = default)
            where T : Document =>
            (T)await db.GetDocAsync(db.DocTypes.Get(typeof(T)).Name, name, cancellationToken);

        /// <summary>Whether the caller has a right on a document: the one answer that the API's own requests get.</summary>
        /// <param name="right">The right.</param>
        /// <param name="document">The document, stored or new.</param>
        /// <param name="throws">Whether to refuse with an exception. The default is to answer false.</param>
        /// <param name="cancellationToken">Ends the wait for a free connection.</param>
        /// <exception cref="Errors.PermissionException">The caller has not the right, and <paramref name="throws"/> is true.</exception>
        public async Task<bool> HasPermissionAsync(Rights right, Document document, bool throws = false, CancellationToken cancellationToken = default)
        {
            document.AttachTo(document.DocType ?? db.DocTypes.Get(document.GetType()));
            var permissions = db.Services.GetRequiredService<DocumentPermissions>();
            if (throws)
            {
                await permissions.RequireAsync(db, right, document, cancellationToken);
                return true;
            }

            return (await permissions.DecideAsync(db, right, document, cancellationToken)).IsAllowed;
        }

        /// <summary>The one document of a Single, with its defaults when it was never saved. The caller's permissions do not apply.</summary>
        /// <exception cref="ArgumentException">The DocType is no Single.</exception>
        public async Task<T> GetSingleAsync<T>(CancellationToken cancellationToken = default)
            where T : Document =>
            db.DocTypes.Get(typeof(T)) is { Definition.IsSingle: true } docType ? await db.GetDocAsync<T>(docType.Name, cancellationToken)
            : throw new ArgumentException($"{typeof(T).Name} is no Single.");

        /// <summary>The clear text of a Password field; null when it has none. The caller's permissions do not apply: never hand it to a client that may not know it.</summary>
        /// <exception cref="ArgumentException">The DocType has no such Password field.</exception>
        /// <exception cref="Errors.DoesNotExistException">The tenant has no such document.</exception>
        public async Task<string?> GetPasswordAsync(string docType, string name, string field, CancellationToken cancellationToken = default)
        {
            var found = db.DocTypes.Get(docType);
            return found.Passwords.FirstOrDefault(password => password.Name == field) is { } column
                ? await PasswordVault.ReadAsync(db, found, name, column, cancellationToken)
                : throw new ArgumentException($"{docType} has no Password field '{field}'.", nameof(field));
        }

        /// <summary>Makes an empty document, not stored yet.</summary>
        public Document NewDoc(string docType) => Document.Create(db.DocTypes.Get(docType));

        /// <summary>Inserts a document.</summary>
        /// <param name="document">Made with <c>new</c> or <see cref="NewDoc"/>. Its name, stamps and computed fields are filled in.</param>
        /// <param name="ignorePermissions">True lets code do what the caller may not. The default is false.</param>
        /// <param name="cancellationToken">Ends the wait for a free connection.</param>
        /// <exception cref="Errors.PermissionException">The caller may not create it.</exception>
        /// <exception cref="Errors.ValidationException">A rule is not met.</exception>
        public async Task<T> InsertAsync<T>(T document, bool ignorePermissions = false, CancellationToken cancellationToken = default)
            where T : Document
        {
            await Store(db).InsertAsync(db, document, ignorePermissions, cancellationToken);
            return document;
        }

        /// <summary>Loads a document, applies a change and stores it.</summary>
        /// <exception cref="Errors.DoesNotExistException">The tenant has no such document.</exception>
        /// <inheritdoc cref="InsertAsync{T}(TenantDb, T, bool, CancellationToken)"/>
        public Task<Document> UpdateAsync(string docType, string name, Action<Document> change, bool ignorePermissions = false, CancellationToken cancellationToken = default) =>
            Store(db).UpdateAsync(db, db.DocTypes.Get(docType), name, change, expectedModified: null, ignorePermissions, cancellationToken);

        /// <inheritdoc cref="UpdateAsync(TenantDb, string, string, Action{Document}, bool, CancellationToken)"/>
        public async Task<T> UpdateAsync<T>(string name, Action<T> change, bool ignorePermissions = false, CancellationToken cancellationToken = default)
            where T : Document =>
            (T)await db.UpdateAsync(db.DocTypes.Get(typeof(T)).Name, name, document => change((T)document), ignorePermissions, cancellationToken);

        /// <summary>Changes one field of a document, through the lifecycle like any update.</summary>
        /// <inheritdoc cref="UpdateAsync(TenantDb, string, string, Action{Document}, bool, CancellationToken)"/>
        public Task SetValueAsync(string docType, string name, string field, object? value, bool ignorePermissions = false, CancellationToken cancellationToken = default) =>
            db.UpdateAsync(docType, name, document => document[field] = value, ignorePermissions, cancellationToken);

        /// <summary>Deletes a document and its rows.</summary>
        /// <exception cref="Errors.LinkExistsException">Another document links to it.</exception>
        /// <inheritdoc cref="UpdateAsync(TenantDb, string, string, Action{Document}, bool, CancellationToken)"/>
        public Task DeleteAsync(string docType, string name, bool ignorePermissions = false, CancellationToken cancellationToken = default) =>
            Store(db).DeleteAsync(db, db.DocTypes.Get(docType), name, ignorePermissions, cancellationToken);

        /// <summary>Gives up a draft of a DocType with submit: it becomes cancelled without having been submitted.</summary>
        /// <exception cref="Errors.DocstatusTransitionException">It is no draft.</exception>
        /// <inheritdoc cref="UpdateAsync(TenantDb, string, string, Action{Document}, bool, CancellationToken)"/>
        public Task<Document> DiscardAsync(string docType, string name, bool ignorePermissions = false, CancellationToken cancellationToken = default) =>
            Store(db).DiscardAsync(db, db.DocTypes.Get(docType), name, ignorePermissions, cancellationToken);

        /// <summary>Gives a document another name, in every place of this service that holds it.</summary>
        /// <param name="docType">The DocType.</param>
        /// <param name="name">What it is called now.</param>
        /// <param name="newName">What it shall be called.</param>
        /// <param name="merge">Whether the document of that name takes over what points to this one, which is then deleted. The default is false.</param>
        /// <param name="ignorePermissions">True lets code do what the caller may not. The default is false.</param>
        /// <param name="cancellationToken">Ends the wait for a free connection.</param>
        /// <returns>The name it got.</returns>
        /// <exception cref="Errors.DoesNotExistException">The tenant has no such document.</exception>
        /// <exception cref="Errors.ValidationException">It may not be renamed so, or the caller may not write it.</exception>
        public Task<string> RenameAsync(string docType, string name, string newName, bool merge = false, bool ignorePermissions = false, CancellationToken cancellationToken = default) =>
            Store(db).RenameAsync(db, db.DocTypes.Get(docType), name, newName, merge, ignorePermissions, cancellationToken);
    }

    private static DocumentStore Store(TenantDb db) => db.Services.GetRequiredService<DocumentStore>();
}
