using System.Globalization;
using System.Reflection;
using Microservices.Errors;

namespace Microservices.DocTypes;

/// <summary>Reads and writes one field of a document as the .NET value of its <see cref="ValueKind"/>.</summary>
internal abstract class FieldAccessor
{
    public abstract object? Get(FieldBag document);

    public abstract void Set(FieldBag document, object? value);

    /// <summary>The accessor of a property, through delegates made once.</summary>
    public static FieldAccessor Of(PropertyInfo property, ValueKind kind) =>
        (FieldAccessor)Activator.CreateInstance(typeof(PropertyAccessor<,>).MakeGenericType(property.ReflectedType!, property.PropertyType), property, kind)!;

    /// <summary>The accessor of a field that only the slots hold.</summary>
    public static FieldAccessor Of(int slot) => new SlotAccessor(slot);

    private sealed class SlotAccessor(int slot) : FieldAccessor
    {
        public override object? Get(FieldBag document) => document.Slots[slot];

        public override void Set(FieldBag document, object? value) => document.Slots[slot] = value;
    }

    private sealed class PropertyAccessor<TDocument, TValue> : FieldAccessor
        where TDocument : FieldBag
    {
        private static readonly Type s_target = Nullable.GetUnderlyingType(typeof(TValue)) ?? typeof(TValue);
        private readonly Func<TDocument, TValue> _get;
        private readonly Action<TDocument, TValue> _set;
        private readonly TValue _empty;
        private readonly ValueKind _kind;

        public PropertyAccessor(PropertyInfo property, ValueKind kind)
        {
            _kind = kind;
            _get = property.GetMethod!.CreateDelegate<Func<TDocument, TValue>>();
            _set = property.SetMethod!.CreateDelegate<Action<TDocument, TValue>>();
            // A non-nullable string stays non-null in code that was told so by the compiler.
            var isText = typeof(TValue) == typeof(string) && new NullabilityInfoContext().Create(property).WriteState is not NullabilityState.Nullable;
            _empty = isText ? (TValue)(object)"" : default!;
        }

        public override object? Get(FieldBag document) => _get((TDocument)document) switch
        {
            null => null,
            string text => text.Length == 0 ? null : text,
            int number => (long)number,
            double number => (decimal)number,
            float number => (decimal)number,
            TimeOnly time => time.ToTimeSpan(),
            Enum value => _kind is ValueKind.Integer ? Convert.ToInt64(value, CultureInfo.InvariantCulture) : value.ToString(),
            var value => value,
        };

        public override void Set(FieldBag document, object? value) =>
            _set((TDocument)document, value switch
            {
                null => _empty,
                TValue exact => exact,
                TimeSpan time when s_target == typeof(TimeOnly) => (TValue)(object)TimeOnly.FromTimeSpan(time),
                string name when s_target.IsEnum => (TValue)Member(name),
                _ when s_target.IsEnum => (TValue)Enum.ToObject(s_target, value),
                _ => (TValue)Convert.ChangeType(value, s_target, CultureInfo.InvariantCulture),
            });

        // By name only: Enum.Parse also takes numbers and lists of names.
        private static object Member(string name) => Array.Find(Enum.GetNames(s_target), member => member.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase)) is { } member
            ? Enum.Parse(s_target, member)
            : throw new DataException($"{Names.ToTitle(Names.ToSnake(s_target.Name))} cannot be \"{name}\". It should be one of \"{string.Join("\", \"", Enum.GetNames(s_target))}\"");
    }
}
