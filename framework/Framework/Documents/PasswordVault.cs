using System.Security.Cryptography;
using Microservices.Data;
using Microservices.Data.Dialects;
using Microservices.DocTypes;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;

namespace Microservices.Documents;

/// <summary>
/// Keeps the values of Password fields encrypted. A ciphertext belongs to one field of one document of one tenant: copied elsewhere in the database it
/// cannot be read. Documents in memory hold asterisks in place of a stored password.
/// </summary>
internal sealed class PasswordVault(IDataProtectionProvider protection)
{
    /// <summary>Puts asterisks in place of the passwords of a document that was read or written.</summary>
    public static void Hide(Document document)
    {
        foreach (var field in document.DocType!.Passwords)
        {
            if (field.Get(document) is not null)
            {
                field.Set(document, StandardFields.Asterisks);
            }
        }
    }

    /// <summary>The stored form of a password that has been set; null for asterisks, which a copy of another document holds.</summary>
    public static string? Stored(TenantDb db, DocField field, Document document, string password) =>
        password == StandardFields.Asterisks ? null : Vault(db).Protector(db, document.DocType!, document.Name, field).Protect(password);

    /// <summary>The password of a field; null when it has none.</summary>
    /// <exception cref="CryptographicException">The keys that it was encrypted with are gone, or it was encrypted for another field.</exception>
    public static async ValueTask<string?> ReadAsync(TenantDb db, DocType docType, string name, DocField field, CancellationToken cancellationToken)
    {
        var stored = await ReadStoredAsync(db, docType, name, field, cancellationToken);
        return stored is null ? null : Vault(db).Protector(db, docType, name, field).Unprotect(stored);
    }

    /// <summary>Encrypts the passwords of a document anew for the name it has got.</summary>
    public static async ValueTask RenameAsync(TenantDb db, DocType docType, string oldName, string newName, CancellationToken cancellationToken)
    {
        foreach (var field in docType.Passwords)
        {
            if (await ReadStoredAsync(db, docType, newName, field, cancellationToken) is { } stored)
            {
                var password = Vault(db).Protector(db, docType, oldName, field).Unprotect(stored);
                await db.UnitOfWork.ExecuteAsync(
                    $"update {SqlDialect.Quote(docType.TableName)} set {SqlDialect.Quote(field.Name)}=@p0 where `tenant_id`=@p1 and `name`=@p2",
                    new object?[] { Vault(db).Protector(db, docType, newName, field).Protect(password), db.Tenant.Id, newName });
            }
        }
    }

    private static async ValueTask<string?> ReadStoredAsync(TenantDb db, DocType docType, string name, DocField field, CancellationToken cancellationToken)
    {
        await using var result = await db.UnitOfWork.QueryAsync(
            $"select {SqlDialect.Quote(field.Name)} from {SqlDialect.Quote(docType.TableName)} where `tenant_id`=@p0 and `name`=@p1", new object?[] { db.Tenant.Id, name }, cancellationToken);
        return !result.Read() ? throw DocumentStore.NotFound(docType, name) : result.Row.IsDBNull(0) ? null : result.Row.GetString(0);
    }

    private static PasswordVault Vault(TenantDb db) => db.Services.GetRequiredService<PasswordVault>();

    private IDataProtector Protector(TenantDb db, DocType docType, string name, DocField field) =>
        protection.CreateProtector("Password", db.Tenant.Id, docType.Name, name, field.Name);
}
