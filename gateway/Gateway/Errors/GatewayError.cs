namespace Gateway.Errors;

/// <summary>An answer of the gateway's own in place of a service's.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">Frappe's name for the error.</param>
/// <param name="Message">What the caller should know and change.</param>
/// <param name="MayRetry">Whether the same request may work a few seconds later; sends <c>Retry-After</c>.</param>
internal sealed record GatewayError(int Status, string Type, string Message, bool MayRetry = false)
{
    public static GatewayError BadTarget { get; } = new(400, "DataError",
        "The path holds '.' or '..' as a segment, or is no path at all. Send the path that is meant.");

    public static GatewayError BadBody { get; } = new(400, "DataError", "The request body ended early or is malformed.");

    public static GatewayError PathUnknown { get; } = new(404, "DoesNotExistError", "Nothing is served at this path.");

    public static GatewayError NotLearnedYet { get; } = new(503, "ServiceUnavailable",
        "This is not known here yet, and not every service has been reached so far. Try again in a moment.", MayRetry: true);

    public static GatewayError ServiceDown { get; } = new(503, "ServiceUnavailable",
        "The service that owns this is not available. Try again in a moment.", MayRetry: true);

    public static GatewayError ServiceSilent { get; } = new(503, "ServiceUnavailable",
        "The service that owns this did not answer in time. It may have carried out the request all the same: check before sending a write again.", MayRetry: true);

    public static GatewayError Internal { get; } = new(500, "InternalServerError", "The request failed. The request id finds the cause in the log.");

    public static GatewayError DocTypeUnknown(string name) => new(404, "DoesNotExistError", $"No service has the DocType '{Shorten(name)}'.");

    public static GatewayError MethodUnknown(string name) => new(404, "DoesNotExistError", $"No service has the method '{Shorten(name)}'.");

    public static GatewayError BadForm { get; } = new(400, "DataError", "The request body is neither the JSON nor the form that its content type says.");

    public static GatewayError DocTypeMissing(string method) => new(417, "ValidationError",
        $"'{Shorten(method)}' is answered by every service: say which DocType is meant, as doctype, dt, or the doctype of doc, docs or document.");

    public static GatewayError OwnerMissing(string docType) => new(417, "ValidationError",
        $"Every service keeps its own documents of '{Shorten(docType)}': name the DocType that they belong to, as ref_doctype, reference_doctype, attached_to_doctype, share_doctype, document_type, deleted_doctype or allow, in the filters or the document, or one document by its whole name.");

    public static GatewayError TooLargeToInspect(long limit) => new(413, "RequestEntityTooLarge",
        $"The request body is larger than {limit} bytes, so it is not read to learn which DocType it names. Send it to /api/resource/<DocType>.");

    public static GatewayError TooLarge(long limit) => new(413, "RequestEntityTooLarge", $"The request body is larger than {limit} bytes.");

    private static string Shorten(string name) => name.Length <= 140 ? name : name[..140] + "…";
}
