using System.Collections.Frozen;
using System.Collections.Immutable;
using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Security;

/// <summary>
/// What one caller may do with one DocType: the union of the permission rows of the caller's roles, and what user permissions and shares
/// change about it. The one answer that lists, reads, writes, counts and documentation ask.
/// </summary>
public sealed class Access
{
    private static readonly DocPermission[] s_undeclared = [new() { Role = "System Manager", Rights = Rights.All }];

    private readonly DocType _docType;
    private readonly UserRules _rules;
    private readonly Rights _always;
    private readonly Rights _own;
    private readonly ulong _readLevels;
    private readonly ulong _writeLevels;

    internal Access(CurrentUser user, DocType docType, UserRules rules)
    {
        (_docType, _rules) = (docType, rules);
        if (user.IsAdministrator)
        {
            (_always, _readLevels, _writeLevels) = (Rights.All, ulong.MaxValue, ulong.MaxValue);
            return;
        }

        Shared = rules.Shared.GetValueOrDefault(docType.Name);
        Restrictions = LinkRestriction.For(docType, docType, rules);
        RowRestrictions = rules.Restrictions.IsEmpty ? FrozenDictionary<string, ImmutableArray<LinkRestriction>>.Empty : docType.Tables
            .Select(table => (table.Name, Restrictions: LinkRestriction.For(table.Child, docType, rules)))
            .Where(table => !table.Restrictions.IsEmpty)
            .ToFrozenDictionary(table => table.Name, table => table.Restrictions);
        foreach (var row in Rows(user))
        {
            if (row.PermLevel == 0)
            {
                _always |= row.IfOwner ? Rights.None : row.Rights;
                _own |= row.IfOwner ? row.Rights : Rights.None;
            }

            _readLevels |= (row.Rights & Rights.Read) != 0 ? Level(row.PermLevel) : 0;
            _writeLevels |= (row.Rights & (Rights.Write | Rights.Create)) != 0 ? Level(row.PermLevel) : 0;
        }

        // Submitting and cancelling exist only where documents have those states.
        if (!docType.Definition.IsSubmittable)
        {
            _always &= ~(Rights.Submit | Rights.Cancel | Rights.Amend);
            _own &= ~(Rights.Submit | Rights.Cancel | Rights.Amend);
        }
    }

    /// <summary>The caller's access to a DocType, worked out once per credential.</summary>
    public static Access Of(CurrentUser user, DocType docType) => user.AccessTo(docType);

    /// <summary>The permission rows of the roles of a user: the tenant's own, or those that the DocType declares.</summary>
    internal IEnumerable<DocPermission> Rows(CurrentUser user) =>
        (_docType.Definition.AllowCustomPermissions && _rules.CustomRows.TryGetValue(_docType.Name, out var custom) ? custom : RowsOf(_docType)).Where(row => user.Roles.Contains(row.Role));

    /// <summary>The permission rows that count; a DocType that declares none is System Manager's alone.</summary>
    public static IReadOnlyList<DocPermission> RowsOf(DocType docType) =>
        docType.Definition.Permissions.IsDefaultOrEmpty ? s_undeclared : docType.Definition.Permissions;

    /// <summary>The rights that are shared with the caller for some document.</summary>
    internal Rights Shared { get; }

    /// <summary>What user permissions demand of a document.</summary>
    internal ImmutableArray<LinkRestriction> Restrictions { get; } = [];

    /// <summary>What user permissions demand of the rows of its tables.</summary>
    internal FrozenDictionary<string, ImmutableArray<LinkRestriction>> RowRestrictions { get; } = FrozenDictionary<string, ImmutableArray<LinkRestriction>>.Empty;

    /// <summary>Whether a document must be looked at before it is known what the caller may do with it, beyond its owner.</summary>
    internal bool DependsOnDocument => Shared is not Rights.None || !Restrictions.IsEmpty || RowRestrictions.Count > 0;

    /// <summary>Whether a right holds for at least the caller's own documents.</summary>
    public bool Has(Rights right) => ((_always | _own) & right) != 0;

    /// <summary>Whether a right may hold for some document.</summary>
    internal bool MayHave(Rights right) => Has(right) || (Shared & right) != 0;

    /// <summary>Whether a right holds whoever owns the document.</summary>
    internal bool HasAlways(Rights right) => (_always & right) != 0;

    /// <summary>Whether a right is granted, maybe among other ways, to the owner of a document.</summary>
    internal bool HasAsOwner(Rights right) => (_own & right) != 0;

    /// <summary>Whether a right holds only for documents that the caller owns. Creating is never limited so.</summary>
    public bool IsOwnerOnly(Rights right) => right is not Rights.Create && (_always & right) == 0;

    /// <summary>Whether a right holds for a document of this owner.</summary>
    public bool Has(Rights right, string owner, CurrentUser user) =>
        Has(right) && (!IsOwnerOnly(right) || string.Equals(owner, user.Name, StringComparison.Ordinal));

    /// <summary>Whether the value of a field may be seen.</summary>
    public bool CanRead(DocField field) => field.PermLevel == 0 || (_readLevels & Level(field.PermLevel)) != 0;

    /// <summary>Whether a list may show a field: who may only select, and not read, sees names, titles and search fields.</summary>
    public bool CanList(DocField field) =>
        CanRead(field) && (Has(Rights.Read) || field.Name == StandardFields.Name || field.Name == _docType.Definition.TitleField
            || _docType.Definition.SearchFields.Contains(field.Name));

    /// <summary>Whether a list may be filtered, sorted or grouped by a field. By a password it never may: each question would tell a bit of it.</summary>
    public bool CanAsk(DocField field) => CanList(field) && field.Definition.Type is not FieldType.Password;

    /// <summary>Whether the child rows of a table may be seen.</summary>
    public bool CanRead(ChildTable table) => table.Definition.PermLevel == 0 || (_readLevels & Level(table.Definition.PermLevel)) != 0;

    /// <summary>Whether the value of a field at this permission level may be written.</summary>
    public bool CanWrite(int permLevel) => permLevel == 0 || (_writeLevels & Level(permLevel)) != 0;

    /// <summary>Refuses when the right does not hold for any document.</summary>
    /// <exception cref="PermissionException">The caller may not.</exception>
    public void Require(Rights right)
    {
        if (!MayHave(right))
        {
            throw Denied(right);
        }
    }

    /// <summary>The refusal of a right.</summary>
    public PermissionException Denied(Rights right) => new($"No permission to {(Message)right.ToString().ToLowerInvariant()} {_docType.Name}");

    // Frappe knows levels 0 to 9; a mask of 64 leaves room, and a stranger level grants nothing.
    private static ulong Level(int level) => level is >= 0 and < 64 ? 1UL << level : 0;
}
