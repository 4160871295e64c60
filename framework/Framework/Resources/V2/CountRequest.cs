using Microservices.Data.Queries;
using Microservices.DocTypes;
using Microservices.Errors;
using Microservices.Resources.Lists;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Microservices.Resources.V2;

/// <summary>The parameters of a count: conditions as those of a list, a limit, and whether a document counts once.</summary>
internal sealed record CountRequest(ListQuery Query, int? Limit, bool Distinct)
{
    /// <exception cref="DataException">A parameter is unknown or is not what it should be.</exception>
    public static CountRequest Parse(DocType docType, IQueryCollection parameters)
    {
        var distinct = parameters["distinct"].ToString().ToUpperInvariant() switch
        {
            "" or "0" or "FALSE" => false,
            "1" or "TRUE" => true,
            _ => throw new DataException("distinct is true or false"),
        };
        foreach (var name in parameters.Keys)
        {
            if (name is "fields" or "order_by" or "group_by" or "cursor" or "expand" or "format" or "as_dict" or "with_total" or "include" or "start")
            {
                throw new DataException($"Unknown parameter: {name}");
            }
        }

        var request = ListRequest.Parse(docType, parameters.Where(parameter => parameter.Key != "distinct"), int.MaxValue - 1, ListRules.V2);
        return new CountRequest(request.Query, StringValues.IsNullOrEmpty(parameters["limit"]) ? null : request.Query.Limit, distinct);
    }
}
