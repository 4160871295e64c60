using System.Collections.Frozen;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microservices.DocTypes;

namespace Microservices.Documents;

/// <summary>
/// Makes text that a browser may be shown harmless. The answer is written anew from what is known to be harmless: listed tags with listed
/// attributes, quoted and escaped; scripts go with their content, other tags without it, and a "&lt;" that begins no tag becomes text.
/// </summary>
internal static partial class SafeHtml
{
    private static readonly FrozenSet<string> s_tags = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "a", "abbr", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd", "del", "details", "div", "dl", "dt", "em", "figcaption", "figure",
        "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "label", "li", "mark", "ol", "p", "pre", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "summary",
        "sup", "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "wbr");

    private static readonly FrozenSet<string> s_withContent = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "script", "style", "iframe", "object", "embed", "applet", "noscript", "template", "svg", "math", "title", "textarea", "xmp", "noembed", "noframes", "plaintext");

    private static readonly FrozenSet<string> s_attributes = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase, "abbr", "align", "alt", "class", "colspan", "datetime", "dir", "height", "href", "lang", "rowspan", "scope", "span", "src", "start", "title", "width");

    /// <summary>Whether the texts of a field are shown as HTML somewhere.</summary>
    public static bool Concerns(DocField column) =>
        column.Definition.Type is FieldType.Data or FieldType.SmallText or FieldType.Text or FieldType.LongText or FieldType.TextEditor or FieldType.HtmlEditor or FieldType.MarkdownEditor or FieldType.ReadOnly
        && !(column.Definition.Type is FieldType.Data && column.Definition.Options == "Email")
        && !(column.Definition.Extra.TryGetValue("ignore_xss_filter", out var ignored) && ignored.ToString() is "1" or "true" or "True");

    /// <summary>The text as it may be shown; text without tags is left as it is.</summary>
    public static string Clean(string text)
    {
        if (!text.Contains('<') || !TagStart().IsMatch(text))
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            if (text[i] != '<')
            {
                var next = text.IndexOf('<', i);
                next = next < 0 ? text.Length : next;
                clean.Append(text[i..next].Replace(">", "&gt;", StringComparison.Ordinal));
                i = next;
                continue;
            }

            i = Markup(text, i, clean);
        }

        return clean.ToString();
    }

    /// <summary>Reads what begins with "&lt;" and returns where it ends.</summary>
    private static int Markup(string text, int start, StringBuilder clean)
    {
        if (text.AsSpan(start).StartsWith("<!--", StringComparison.Ordinal))
        {
            var close = text.IndexOf("-->", start + 4, StringComparison.Ordinal);
            return close < 0 ? text.Length : close + 3;
        }

        var match = Tag().Match(text, start, text.Length - start);
        if (!match.Success)
        {
            clean.Append("&lt;");
            return start + 1;
        }

        var (name, isEnd) = (match.Groups["name"].Value, match.Groups["end"].Length > 0);
        var after = match.Index + match.Length;
        if (s_withContent.Contains(name))
        {
            return isEnd ? after : EndOf(text, name, after);
        }

        if (s_tags.Contains(name))
        {
            Write(clean, name.ToLowerInvariant(), isEnd, match.Groups["attributes"].Value);
        }

        return after;
    }

    private static int EndOf(string text, string name, int from)
    {
        var end = text.IndexOf("</" + name, from, StringComparison.OrdinalIgnoreCase);
        var close = end < 0 ? -1 : text.IndexOf('>', end);
        return close < 0 ? text.Length : close + 1;
    }

    private static void Write(StringBuilder clean, string name, bool isEnd, string attributes)
    {
        clean.Append(isEnd ? "</" : "<").Append(name);
        if (!isEnd)
        {
            foreach (Match attribute in Attribute().Matches(attributes))
            {
                var key = attribute.Groups["key"].Value.ToLowerInvariant();
                var value = WebUtility.HtmlDecode(Unquoted(attribute.Groups["value"].Value));
                if (s_attributes.Contains(key) && (key is not ("href" or "src") || IsHarmless(value, isImage: name == "img")))
                {
                    clean.Append(' ').Append(key).Append("=\"").Append(WebUtility.HtmlEncode(value)).Append('"');
                }
            }
        }

        clean.Append('>');
    }

    private static string Unquoted(string value) => value[0] is '"' or '\'' ? value[1..^1] : value;

    // A browser overlooks blanks and control characters in a scheme.
    private static bool IsHarmless(string url, bool isImage)
    {
        var compact = string.Concat(url.Where(character => character > ' ' && !char.IsControl(character)));
        var colon = compact.IndexOf(':', StringComparison.Ordinal);
        var isRelative = colon < 0 || compact.AsSpan(0, colon).ContainsAny('/', '?', '#');
        return isRelative || compact[..colon].ToLowerInvariant() is "http" or "https" or "mailto" or "tel"
            || (isImage && Picture().IsMatch(compact));
    }

    [GeneratedRegex("<[A-Za-z/!?]")]
    private static partial Regex TagStart();

    [GeneratedRegex("""^<(?<end>/?)(?<name>[A-Za-z][A-Za-z0-9:-]*)(?<attributes>(?:[^<>"']|"[^"]*"|'[^']*')*)>""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Tag();

    [GeneratedRegex("""(?<key>[A-Za-z][A-Za-z-]*)\s*=\s*(?<value>"[^"]*"|'[^']*'|[^\s"'=<>`]+)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Attribute();

    [GeneratedRegex("^data:image/(png|jpeg|gif|webp);base64,", RegexOptions.IgnoreCase)]
    private static partial Regex Picture();
}
