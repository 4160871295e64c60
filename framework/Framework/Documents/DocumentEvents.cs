using Microservices.DocTypes;

namespace Microservices.Documents;

/// <summary>What a DocType class or a controller may override: one method for each <see cref="DocumentEvent"/>.</summary>
public abstract class DocumentEvents : FieldBag
{
#pragma warning disable CS1591 // DocumentEvent documents each moment.
    protected virtual ValueTask BeforeInsert(DocumentContext context) => default;

    protected virtual ValueTask BeforeNaming(DocumentContext context) => default;

    protected virtual ValueTask BeforeUpdate(DocumentContext context) => default;

    protected virtual ValueTask BeforeValidate(DocumentContext context) => default;

    protected virtual ValueTask Validate(DocumentContext context) => default;

    protected virtual ValueTask BeforeSave(DocumentContext context) => default;

    protected virtual ValueTask BeforeSubmit(DocumentContext context) => default;

    protected virtual ValueTask BeforeUpdateAfterSubmit(DocumentContext context) => default;

    protected virtual ValueTask BeforeCancel(DocumentContext context) => default;

    protected virtual ValueTask BeforeDelete(DocumentContext context) => default;

    protected virtual ValueTask OnTrash(DocumentContext context) => default;

    protected virtual ValueTask AfterInsert(DocumentContext context) => default;

    protected virtual ValueTask OnUpdate(DocumentContext context) => default;

    protected virtual ValueTask AfterUpdate(DocumentContext context) => default;

    protected virtual ValueTask OnSubmit(DocumentContext context) => default;

    protected virtual ValueTask OnUpdateAfterSubmit(DocumentContext context) => default;

    protected virtual ValueTask OnCancel(DocumentContext context) => default;

    protected virtual ValueTask OnChange(DocumentContext context) => default;

    protected virtual ValueTask AfterDelete(DocumentContext context) => default;

    protected virtual ValueTask BeforeRename(DocumentContext context) => default;

    protected virtual ValueTask AfterRename(DocumentContext context) => default;

    protected virtual ValueTask BeforeDiscard(DocumentContext context) => default;

    protected virtual ValueTask OnDiscard(DocumentContext context) => default;
#pragma warning restore CS1591

    /// <summary>Runs the method of an event.</summary>
    internal ValueTask RaiseAsync(DocumentEvent moment, DocumentContext context) => moment switch
    {
        DocumentEvent.BeforeInsert => BeforeInsert(context),
        DocumentEvent.BeforeNaming => BeforeNaming(context),
        DocumentEvent.BeforeUpdate => BeforeUpdate(context),
        DocumentEvent.BeforeValidate => BeforeValidate(context),
        DocumentEvent.Validate => Validate(context),
        DocumentEvent.BeforeSave => BeforeSave(context),
        DocumentEvent.BeforeSubmit => BeforeSubmit(context),
        DocumentEvent.BeforeUpdateAfterSubmit => BeforeUpdateAfterSubmit(context),
        DocumentEvent.BeforeCancel => BeforeCancel(context),
        DocumentEvent.BeforeDelete => BeforeDelete(context),
        DocumentEvent.OnTrash => OnTrash(context),
        DocumentEvent.AfterInsert => AfterInsert(context),
        DocumentEvent.OnUpdate => OnUpdate(context),
        DocumentEvent.AfterUpdate => AfterUpdate(context),
        DocumentEvent.OnSubmit => OnSubmit(context),
        DocumentEvent.OnUpdateAfterSubmit => OnUpdateAfterSubmit(context),
        DocumentEvent.OnCancel => OnCancel(context),
        DocumentEvent.OnChange => OnChange(context),
        DocumentEvent.AfterDelete => AfterDelete(context),
        DocumentEvent.BeforeRename => BeforeRename(context),
        DocumentEvent.AfterRename => AfterRename(context),
        DocumentEvent.BeforeDiscard => BeforeDiscard(context),
        DocumentEvent.OnDiscard => OnDiscard(context),
        _ => throw new ArgumentOutOfRangeException(nameof(moment), moment, null),
    };
}
