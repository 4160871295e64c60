using System.Text;
using Central.OAuth;
using Central.Requests;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Central.Pages;

/// <summary>Runs pages: finds the visitor, protects forms, sets the headers, and shows errors as pages.</summary>
internal sealed partial class PageRunner(
    PageRenderer renderer, IAntiforgery antiforgery, OriginRule origins, VisitorReader visitors, PageHeaders headers, ILogger<PageRunner> logger)
{
    /// <summary>Answers GET and HEAD.</summary>
    public Task<IResult> ShowAsync(HttpContext context, IPage page) => ReadAsync(context, page.ShowAsync);

    /// <inheritdoc cref="ShowAsync"/>
    public Task<IResult> ReadAsync(HttpContext context, Func<PageContext, Task<IResult>> page) => RunAsync(context, page);

    /// <summary>Answers POST: of a form of this site, sent by the browser that was given it.</summary>
    public Task<IResult> SubmitAsync(HttpContext context, IPage page) => RunAsync(context, async request =>
    {
        request.Form = await ReadFormAsync(context);
        if (!IsOwn(context.Request) || !await antiforgery.IsRequestValidAsync(context))
        {
            throw new ForgedFormException();
        }

        return await page.SubmitAsync(request);
    });

    /// <summary>Answers a request that another site's page may send, such as an authorization request by POST. It must change nothing by itself.</summary>
    public Task<IResult> ReceiveAsync(HttpContext context, Func<PageContext, Task<IResult>> page) => RunAsync(context, async request =>
    {
        request.Form = await ReadFormAsync(context);
        return await page(request);
    });

    /// <summary>
    /// Whether a page of this site sent a form. Under the policy <c>no-referrer</c> browsers send <c>null</c> for the origin of every form, as they
    /// do for a sandboxed page of anybody; which of the two it is stands in <c>Sec-Fetch-Site</c>, which no page can set.
    /// </summary>
    /// <remarks>Fetch standard, "append a request Origin header"; Fetch Metadata, <c>Sec-Fetch-Site</c>.</remarks>
    private bool IsOwn(HttpRequest request) => origins.Allows(request) || (request.Headers.Origin is ["null"] && request.Headers["Sec-Fetch-Site"] is ["same-origin"]);

    private async Task<IResult> RunAsync(HttpContext context, Func<PageContext, Task<IResult>> run)
    {
        headers.Set(context);
        PageContext page = new(context, renderer, antiforgery, new Dictionary<string, string>(), visitor: null);
        try
        {
            page = new(context, renderer, antiforgery, ReadQuery(context.Request), await visitors.FindAsync(context));
            return await run(page);
        }
        catch (SignInRequiredException required)
        {
            return page.SeeOther(LoginAddress.For(context.Request, required.IsFresh));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            throw;
        }
#pragma warning disable CA1031 // The place where every failure of a page becomes a page.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            return await ErrorAsync(page, exception);
        }
    }

    private async Task<IResult> ErrorAsync(PageContext page, Exception exception)
    {
        var (status, message) = exception switch
        {
            OAuthError error => (error.Status, error.Message),
            ForgedFormException => (StatusCodes.Status400BadRequest, "This form has expired, or was not sent from this site. Go back, reload the page and try again."),
            MalformedFormException malformed => (StatusCodes.Status400BadRequest, $"The request holds {malformed.Message}."),
            _ when RequestPipeline.Translate(exception) is { StatusCode: < StatusCodes.Status500InternalServerError } known => (known.StatusCode, known.Message + "."),
            _ => (RequestPipeline.Translate(exception).StatusCode, "Something went wrong on our side. Try again in a moment."),
        };
        if (status >= StatusCodes.Status500InternalServerError)
        {
            LogFailure(logger, exception, page.Http.Request.Path, page.Http.TraceIdentifier);
        }

        if (exception is FrameworkException { RetryAfter: { } wait })
        {
            page.Http.Response.Headers.RetryAfter = ((long)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return await page.RenderAsync<ErrorPage>(new ErrorModel(status, message, page.Http.TraceIdentifier), status);
    }

    /// <exception cref="MalformedFormException">A parameter is repeated, or an encoding is broken.</exception>
    private static Dictionary<string, string> ReadQuery(HttpRequest request) =>
        UrlEncodedForm.Parse(Encoding.UTF8.GetBytes(request.QueryString.Value is { Length: > 0 } query ? query[1..] : ""));

    private static async Task<Dictionary<string, string>> ReadFormAsync(HttpContext context)
    {
        if (context.Request.HasFormContentType && context.Request.ContentType!.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase))
        {
            var form = UrlEncodedForm.Parse(await LimitedBody.ReadAsync(context));
            // Antiforgery looks for its token here, and must see the very fields that the page sees.
            context.Features.Set<IFormFeature>(new FormFeature(new FormCollection(form.ToDictionary(field => field.Key, field => new StringValues(field.Value), StringComparer.Ordinal))));
            return form;
        }

        throw new UnsupportedMediaTypeException("Forms are sent as application/x-www-form-urlencoded");
    }

    private sealed class ForgedFormException : Exception;

    [LoggerMessage(5301, LogLevel.Error, "The page {Path} failed, request {RequestId}")]
    private static partial void LogFailure(ILogger logger, Exception exception, string path, string requestId);
}
