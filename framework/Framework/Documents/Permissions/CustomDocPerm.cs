using Microservices.DocTypes;
using Microservices.Errors;

namespace Microservices.Documents;

/// <summary>A permission row that an administrator sets. When a DocType has any, they stand in for all rows it declares.</summary>
[DocType("Custom DocPerm", Description = "A permission row of the tenant; a DocType's rows stand in for those it declares")]
[Permission("System Manager", Rights.All)]
public sealed class CustomDocPerm : PermissionRecord
{
    /// <summary>The DocType; <c>parent</c> in Frappe.</summary>
    [Field(Required = true, Index = true)]
    public string ParentDoctype { get; set; } = "";

    /// <summary>The role.</summary>
    [Field(Required = true)]
    public string Role { get; set; } = "";

    /// <summary>The permission level, 0 to 9.</summary>
    [Field(NonNegative = true)]
    public int Permlevel { get; set; }

    /// <summary>Only for documents that the user owns.</summary>
    public bool IfOwner { get; set; }

#pragma warning disable CS1591 // The rights have Frappe's names.
    public bool Select { get; set; }

    public bool Read { get; set; }

    public bool Write { get; set; }

    [Field(Name = "create", Label = "Create")]
    public bool MayCreate { get; set; }

    public bool Delete { get; set; }

    public bool Submit { get; set; }

    public bool Cancel { get; set; }

    public bool Amend { get; set; }

    public bool Print { get; set; }

    public bool Email { get; set; }

    public bool Report { get; set; }

    public bool Import { get; set; }

    public bool Export { get; set; }

    public bool Share { get; set; }
#pragma warning restore CS1591

    /// <inheritdoc/>
    protected override ValueTask Validate(DocumentContext context)
    {
        if (!context.Db.DocTypes.Get(ParentDoctype).Definition.AllowCustomPermissions)
        {
            throw new ValidationException($"The permissions of {ParentDoctype} cannot be changed");
        }

        return Permlevel <= 9 ? default : throw new ValidationException("Permlevel is 0 to 9");
    }
}
