namespace Central.Pages;

/// <summary>Why what a form asks for was not done, to be shown beside the form.</summary>
/// <param name="Message">In plain words.</param>
/// <param name="Status">HTTP status of the page.</param>
internal sealed record FormRefusal(string Message, int Status)
{
    /// <summary>Does what a form asks for. Null when it was done.</summary>
    public static async Task<FormRefusal?> CatchAsync(Func<Task> work)
    {
        try
        {
            await work();
            return null;
        }
        catch (FrameworkException refusal) when (refusal is ValidationException or DuplicateEntryException or NameException or PermissionException or BadRequestException)
        {
            // 417 is Frappe's; browsers know 400.
            return new FormRefusal(refusal.Message.TrimEnd('.') + ".", refusal is ValidationException ? StatusCodes.Status400BadRequest : refusal.StatusCode);
        }
    }
}
