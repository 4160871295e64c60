using Microservices.Errors;

namespace Microservices.Documents;

/// <summary>Says which child row a message is about.</summary>
internal static class RowPrefix
{
    /// <param name="row">Position from 1; 0 for the document itself, of which nothing needs to be said.</param>
    public static Message Of(int row)
    {
        if (row == 0)
        {
            return "";
        }

        return $"Row #{row}: ";
    }
}
