using System.Data;
using System.Data.Common;

namespace Microservices.Data.Sessions;

/// <summary>
/// A statement prepared on a session, with the types its parameters were prepared with. MySql.Data tells the server the types once, when it
/// prepares, and NULL to it is text. So a value of another type asks for preparing anew, and text after NULL does not: with this driver the
/// statement after one that was closed waits 40 ms for the server's acknowledgement.
/// </summary>
internal sealed class PreparedCommand
{
    private readonly Type[] _types;

    private PreparedCommand(DbCommand command, Type[] types) => (Command, _types) = (command, types);

    public DbCommand Command { get; }

    /// <summary>Prepares a statement for some values.</summary>
    /// <param name="connection">The session's connection.</param>
    /// <param name="sql">The statement.</param>
    /// <param name="values">Values as the driver takes them; <see cref="DBNull"/> for null.</param>
    /// <param name="earlier">The same statement with other types; what it knew of parameters that are null now is kept.</param>
    public static PreparedCommand Prepare(DbConnection connection, string sql, ReadOnlySpan<object> values, PreparedCommand? earlier)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        var types = new Type[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            types[i] = values[i] is not DBNull ? values[i].GetType() : earlier is null ? typeof(string) : earlier._types[i];
            var parameter = command.CreateParameter();
            parameter.ParameterName = ParameterNames.At(i);
            parameter.Value = values[i];
            if (values[i] is DBNull)
            {
                parameter.DbType = DbTypeOf(types[i]);
            }

            command.Parameters.Add(parameter);
        }

        command.Prepare();
        return new PreparedCommand(command, types);
    }

    /// <summary>Sets the values of the next run; false when one is of another type than was prepared.</summary>
    public bool TryBind(ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (values[i] is not DBNull && values[i].GetType() != _types[i])
            {
                return false;
            }
        }

        for (var i = 0; i < values.Length; i++)
        {
            Command.Parameters[i].Value = values[i];
        }

        return true;
    }

    private static DbType DbTypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Int32 => DbType.Int32,
        TypeCode.Int64 => DbType.Int64,
        TypeCode.Decimal => DbType.Decimal,
        TypeCode.DateTime => DbType.DateTime,
        _ => type == typeof(TimeSpan) ? DbType.Time : DbType.String,
    };
}
