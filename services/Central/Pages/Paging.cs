using System.Globalization;

namespace Central.Pages;

/// <summary>Which part of a list a page shows.</summary>
/// <param name="Address">The list's own address, with parameters that it keeps.</param>
/// <param name="Search">What is looked for; empty for everything.</param>
/// <param name="Number">The page, from 1.</param>
/// <param name="Count">Rows on it.</param>
/// <param name="HasNext">Whether there are rows after it.</param>
public sealed record Paging(string Address, string Search, int Number, int Count, bool HasNext)
{
    private const int PageSize = 20;
    private const int MaxNumber = 10_000;
    private const int MaxSearch = 140;

    /// <summary>Reads a page of a list.</summary>
    /// <param name="page">The request.</param>
    /// <param name="address">The list's own address.</param>
    /// <param name="list">The whole list.</param>
    /// <param name="searched">The fields in which a text is looked for.</param>
    /// <param name="read">Reads the rows of the page's part of it.</param>
    /// <exception cref="BadRequestException">The number or the search cannot be one.</exception>
    internal static async Task<(IReadOnlyList<Row> Rows, Paging Paging)> ReadAsync(
        PageContext page, string address, ListQuery list, string[] searched, Func<ListQuery, Task<IReadOnlyList<Row>>> read)
    {
        var (search, text) = (page.Parameter("search").Trim(), page.Parameter("page"));
        var number = 1;
        if (text.Length > 0 && !(int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 1 and <= MaxNumber))
        {
            throw new BadRequestException("There is no such page of this list");
        }

        if (search.Length > MaxSearch)
        {
            throw new BadRequestException($"At most {MaxSearch} characters can be looked for");
        }

        // One row more than is shown tells whether there is a next page.
        var rows = await read(list with
        {
            OrFilters = search.Length == 0 ? [] : [.. searched.Select(field => new Filter(field, "like", $"%{search}%"))],
            Offset = (number - 1) * PageSize,
            Limit = PageSize + 1,
        });
        return ([.. rows.Take(PageSize)], new Paging(address, search, number, Math.Min(rows.Count, PageSize), rows.Count > PageSize));
    }

    /// <summary>The address of another page of the list.</summary>
    public string AddressOf(int number) => string.Create(
        CultureInfo.InvariantCulture, $"{Address}{(Address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{(Search.Length > 0 ? $"search={Uri.EscapeDataString(Search)}&" : "")}page={number}");
}
