using Microservices.Documents;

namespace Microservices.Framework.Tests.Documents;

/// <summary>The documented order of events.</summary>
internal static class LifecycleOrder
{
    public static DocumentEvent[] Insert { get; } =
        [DocumentEvent.BeforeInsert, DocumentEvent.BeforeNaming, DocumentEvent.BeforeValidate, DocumentEvent.Validate, DocumentEvent.BeforeSave, DocumentEvent.AfterInsert, DocumentEvent.OnUpdate, DocumentEvent.OnChange];

    public static DocumentEvent[] InsertSubmitted { get; } =
        [DocumentEvent.BeforeInsert, DocumentEvent.BeforeNaming, DocumentEvent.BeforeValidate, DocumentEvent.Validate, DocumentEvent.BeforeSubmit, DocumentEvent.AfterInsert, DocumentEvent.OnUpdate, DocumentEvent.OnSubmit, DocumentEvent.OnChange];

    public static DocumentEvent[] Update { get; } =
        [DocumentEvent.BeforeUpdate, DocumentEvent.BeforeValidate, DocumentEvent.Validate, DocumentEvent.BeforeSave, DocumentEvent.OnUpdate, DocumentEvent.AfterUpdate, DocumentEvent.OnChange];

    public static DocumentEvent[] Submit { get; } =
        [DocumentEvent.BeforeUpdate, DocumentEvent.BeforeValidate, DocumentEvent.Validate, DocumentEvent.BeforeSubmit, DocumentEvent.OnUpdate, DocumentEvent.AfterUpdate, DocumentEvent.OnSubmit, DocumentEvent.OnChange];

    public static DocumentEvent[] UpdateAfterSubmit { get; } = [DocumentEvent.BeforeUpdateAfterSubmit, DocumentEvent.OnUpdateAfterSubmit, DocumentEvent.OnChange];

    public static DocumentEvent[] Cancel { get; } = [DocumentEvent.BeforeCancel, DocumentEvent.OnCancel, DocumentEvent.OnChange];

    public static DocumentEvent[] Delete { get; } = [DocumentEvent.BeforeDelete, DocumentEvent.OnTrash, DocumentEvent.OnChange, DocumentEvent.AfterDelete];
}
