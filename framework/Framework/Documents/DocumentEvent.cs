namespace Microservices.Documents;

/// <summary>
/// The moments in the life of a document, in the order in which they happen. Each fires once per operation, whichever way the
/// operation came in: first the document's class or controller, then hooks for every DocType, then hooks for this one.
/// </summary>
/// <remarks>
/// Insert: BeforeInsert, BeforeNaming, BeforeValidate, Validate, BeforeSave (BeforeSubmit when it is created submitted), the row, AfterInsert, OnUpdate, (OnSubmit), OnChange.
/// Update: BeforeUpdate, BeforeValidate, Validate, BeforeSave, the row, OnUpdate, AfterUpdate, OnChange.
/// Submit: as update, with BeforeSubmit in place of BeforeSave and OnSubmit after AfterUpdate.
/// Update after submit: BeforeUpdateAfterSubmit, the row, OnUpdateAfterSubmit, OnChange.
/// Cancel: BeforeCancel, the row, OnCancel, OnChange. Delete: BeforeDelete, OnTrash, OnChange, the row, AfterDelete.
/// Rename: BeforeRename, the rows, AfterRename. Discard: BeforeDiscard, the row, OnChange, OnDiscard.
/// </remarks>
public enum DocumentEvent
{
    /// <summary>A new document, before its name is made.</summary>
    BeforeInsert,

    /// <summary>Just before the name is made.</summary>
    BeforeNaming,

    /// <summary>An existing document, with the caller's changes applied; <see cref="DocumentContext.Before"/> is what is stored.</summary>
    BeforeUpdate,

    /// <summary>Before <see cref="Validate"/>, to fill values in.</summary>
    BeforeValidate,

    /// <summary>Rules of the document; throw a <see cref="Errors.ValidationException"/> to refuse it.</summary>
    Validate,

    /// <summary>Last chance to change a draft before the required fields are checked and it is written.</summary>
    BeforeSave,

    /// <summary>In place of <see cref="BeforeSave"/> when the document becomes submitted.</summary>
    BeforeSubmit,

    /// <summary>A submitted document is about to change.</summary>
    BeforeUpdateAfterSubmit,

    /// <summary>A submitted document is about to be cancelled.</summary>
    BeforeCancel,

    /// <summary>The document is about to be deleted.</summary>
    BeforeDelete,

    /// <summary>Frappe's name for the moment after <see cref="BeforeDelete"/>.</summary>
    OnTrash,

    /// <summary>The new row is written, in the open transaction.</summary>
    AfterInsert,

    /// <summary>The row is written, new or changed.</summary>
    OnUpdate,

    /// <summary>A changed row is written.</summary>
    AfterUpdate,

    /// <summary>The document has become submitted.</summary>
    OnSubmit,

    /// <summary>A submitted document has changed.</summary>
    OnUpdateAfterSubmit,

    /// <summary>The document has become cancelled.</summary>
    OnCancel,

    /// <summary>Something has changed: fires last, for every operation but it comes before the row goes when deleting.</summary>
    OnChange,

    /// <summary>The row is gone, in the open transaction.</summary>
    AfterDelete,

    /// <summary>The document is about to get another name, which <see cref="DocumentContext.Rename"/> tells and may change.</summary>
    BeforeRename,

    /// <summary>The document has its new name, in every place that held the old one.</summary>
    AfterRename,

    /// <summary>A draft is about to be given up: it becomes cancelled without having been submitted.</summary>
    BeforeDiscard,

    /// <summary>The draft is given up.</summary>
    OnDiscard,
}
