namespace Microservices.Documents;

/// <summary>A record that hangs on a document, such as a comment: whoever may read the document may read it.</summary>
internal interface IAttachedRecord
{
    /// <summary>The field that holds the document's DocType.</summary>
    public string DocTypeField { get; }

    /// <summary>The field that holds the document's name.</summary>
    public string NameField { get; }
}
