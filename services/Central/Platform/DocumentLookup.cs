namespace Central.Platform;

/// <summary>Finding documents that may not be there.</summary>
internal static class DocumentLookup
{
    extension(TenantDb db)
    {
        /// <summary>The document of exactly this name, or null. Databases compare names without regard to case; secrets' names do not.</summary>
        public async Task<T?> FindDocAsync<T>(string name, CancellationToken cancellationToken)
            where T : Document
        {
            if (name.Length is 0 or > StandardFields.NameLength)
            {
                return null;
            }

            try
            {
                var document = await db.GetDocAsync<T>(name, cancellationToken);
                return document.Name == name ? document : null;
            }
            catch (DoesNotExistException)
            {
                return null;
            }
        }

        /// <summary>The names of the documents that a condition leaves, at most <paramref name="limit"/>.</summary>
        public async Task<IReadOnlyList<string>> NamesAsync(string docType, Filter filter, int limit, CancellationToken cancellationToken)
        {
            var rows = await db.GetAllAsync(docType, new() { Filters = [filter], OrderBy = "modified asc", Limit = limit }, cancellationToken);
            return [.. rows.Select(row => row.Get<string>("name")!)];
        }

        /// <summary>Deletes a document, if nobody else has yet. Returns whether it was there.</summary>
        public async Task<bool> TryDeleteAsync(string docType, string name, CancellationToken cancellationToken)
        {
            try
            {
                await db.DeleteAsync(docType, name, ignorePermissions: true, cancellationToken);
                return true;
            }
            catch (DoesNotExistException)
            {
                return false;
            }
        }
    }
}
