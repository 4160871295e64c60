using System.Reflection;
using System.Reflection.Emit;
using Microservices.Documents;

namespace Microservices.Framework.Tests.Documents;

/// <summary>
/// Controller classes in an assembly of their own: those of the test assembly would be looked for in every service that a test starts.
/// </summary>
internal static class EmittedControllers
{
    /// <summary>Derives a class from each base, which is abstract and has one constructor.</summary>
    public static Assembly Of(params (string Name, Type Base, string? DocType)[] controllers)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Controllers" + Guid.NewGuid().ToString("N")), AssemblyBuilderAccess.Run);
        var module = assembly.DefineDynamicModule("Controllers");
        Type? last = null;
        foreach (var (name, parent, docType) in controllers)
        {
            var type = module.DefineType(name, TypeAttributes.Public | TypeAttributes.Class, parent);
            var inherited = parent.GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public).Single();
            Type[] parameters = [.. inherited.GetParameters().Select(parameter => parameter.ParameterType)];
            var code = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, parameters).GetILGenerator();
            for (var i = 0; i <= parameters.Length; i++)
            {
                code.Emit(OpCodes.Ldarg, i);
            }

            code.Emit(OpCodes.Call, inherited);
            code.Emit(OpCodes.Ret);
            if (docType is not null)
            {
                type.SetCustomAttribute(new CustomAttributeBuilder(typeof(ControllerOfAttribute).GetConstructor([typeof(string)])!, [docType]));
            }

            last = type.CreateType();
        }

        return last!.Assembly;
    }
}
