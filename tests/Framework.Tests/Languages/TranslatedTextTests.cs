using System.Reflection;
using System.Reflection.Emit;
using System.Text.Json;
using Microservices.Errors;
using Microservices.Languages;

namespace Microservices.Framework.Tests.Languages;

/// <summary>
/// Every text that the framework's compiled code makes a <see cref="Message"/> of has its translations: literals, both sides of a conditional, and interpolated strings.
/// It does not see a text that is a variable when it becomes a message (rights, labels and options of fields), nor texts of other assemblies.
/// </summary>
public sealed class TranslatedTextTests
{
    private const BindingFlags Everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> s_codes = typeof(OpCodes).GetFields().Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    [Theory]
    [InlineData("nl")]
    [InlineData("ar")]
    public void EveryTextOfTheFramework_IsTranslated(string language)
    {
        var texts = typeof(Message).Assembly.GetTypes().SelectMany(TextsOf).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(texts.Count > 200, $"Only {texts.Count} texts were found");
        foreach (var known in (string[])["DocType {0} not found", "is not an e-mail address", "name is missing", "a text", "an object with name", "Cannot {0} {1} {2}: {3} {4} links to it by {5}"])
        {
            Assert.Contains(known, texts);
        }

        var translated = Translations(language);
        Assert.Equal("", string.Join('\n', texts.Where(text => text.Any(char.IsLetter) && !translated.ContainsKey(text)).Order(StringComparer.Ordinal)));
    }

    private static Dictionary<string, string> Translations(string language)
    {
        var assembly = typeof(TextCatalog).Assembly;
        using var stream = assembly.GetManifestResourceStream(assembly.GetManifestResourceNames().Single(name => name.EndsWith($".Messages.{language}.json", StringComparison.Ordinal)))!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }

    private static IEnumerable<string> TextsOf(Type type) =>
        type.GetMethods(Everything).Cast<MethodBase>().Concat(type.GetConstructors(Everything)).SelectMany(TextsOf);

    private static List<string> TextsOf(MethodBase method)
    {
        var texts = new List<string>();
        var waiting = new List<(int Target, string Text)>();
        var open = new Stack<Interpolated>();
        var numbers = (0, 0);
        string? last = null;
        foreach (var (offset, code, operand) in Instructions(method))
        {
            if (operand is string text)
            {
                last = text;
                continue;
            }

            if (operand is int number && code.Name!.StartsWith("ldc", StringComparison.Ordinal))
            {
                numbers = (numbers.Item2, number);
            }
            else if (operand is int target && code.FlowControl is FlowControl.Branch && last is not null)
            {
                waiting.Add((target, last)); // one side of a conditional; the conversion comes after both
            }
            else if (operand is MethodBase { DeclaringType: { } declaring } called && declaring == typeof(Message))
            {
                switch (called.Name)
                {
                    case "op_Implicit":
                        texts.AddRange(waiting.Where(side => side.Target == offset).Select(side => side.Text));
                        texts.AddRange(last is null ? [] : [last]);
                        break;
                    case ".ctor" when code == OpCodes.Newobj && called.GetParameters() is [{ ParameterType: var first }, _] && first == typeof(int):
                        open.Push(new Interpolated(numbers.Item1, numbers.Item2));
                        break;
                    case "AppendLiteral" when last is not null:
                        open.Peek().Add(last, isHole: false);
                        break;
                    case "AppendFormatted" when open.Count > 0:
                        open.Peek().Add($"{{{open.Peek().Filled}}}", isHole: true);
                        break;
                }

                while (open.TryPeek(out var whole) && whole.IsWhole)
                {
                    texts.Add(open.Pop().Text);
                }
            }

            last = null;
        }

        return texts;
    }

    private static IEnumerable<(int Offset, OpCode Code, object? Operand)> Instructions(MethodBase method)
    {
        var il = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        var (ofType, ofMethod) = (method.DeclaringType!.GetGenericArguments(), method.IsGenericMethod ? method.GetGenericArguments() : []);
        for (var at = 0; at < il.Length;)
        {
            var offset = at;
            var code = s_codes[il[at] == 0xFE ? (short)(0xFE00 | il[at + 1]) : il[at]];
            at += code.Size;
            var size = code.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(il, at)),
                _ => 4,
            };
            object? operand = code.OperandType switch
            {
                OperandType.InlineString => method.Module.ResolveString(BitConverter.ToInt32(il, at)),
                OperandType.InlineMethod => method.Module.ResolveMethod(BitConverter.ToInt32(il, at), ofType, ofMethod),
                OperandType.InlineI => BitConverter.ToInt32(il, at),
                OperandType.ShortInlineI => (int)(sbyte)il[at],
                OperandType.InlineBrTarget => at + 4 + BitConverter.ToInt32(il, at),
                OperandType.ShortInlineBrTarget => at + 1 + (sbyte)il[at],
                _ => code.Name is ['l', 'd', 'c', '.', 'i', '4', '.', >= '0' and <= '8' and var digit] ? digit - '0' : null,
            };
            at += size;
            yield return (offset, code, operand);
        }
    }

    private sealed class Interpolated(int length, int holes)
    {
        private int _length;

        public string Text { get; private set; } = "";

        public int Filled { get; private set; }

        public bool IsWhole => _length >= length && Filled >= holes;

        public void Add(string part, bool isHole)
        {
            Text += part;
            _length += isHole ? 0 : part.Length;
            Filled += isHole ? 1 : 0;
        }
    }
}
