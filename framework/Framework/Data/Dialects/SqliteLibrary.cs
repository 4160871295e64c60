using System.Reflection;
using System.Runtime.InteropServices;

namespace Microservices.Data.Dialects;

/// <summary>
/// Chooses the SQLite that is loaded: the system's, when it has one that is newer than the one in the package, since the system's is kept
/// up with its security updates.
/// </summary>
internal static class SqliteLibrary
{
    private const string Packaged = "e_sqlite3";
    private const int PackagedVersion = 3_035_005;

    private static readonly string[] s_names = OperatingSystem.IsMacOS() ? ["libsqlite3.dylib"] : OperatingSystem.IsLinux() ? ["libsqlite3.so.0"] : [];

    public static void Initialize()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Resolve);
        }
        catch (InvalidOperationException)
        {
            // The host has chosen already.
        }

        SQLitePCL.Batteries_V2.Init();
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath)
    {
        foreach (var system in name == Packaged ? s_names : [])
        {
            if (NativeLibrary.TryLoad(system, out var library))
            {
                if (Version(library) > PackagedVersion)
                {
                    return library;
                }

                NativeLibrary.Free(library);
            }
        }

        return 0; // the usual search, which finds the packaged one
    }

    private static int Version(nint library) =>
        NativeLibrary.TryGetExport(library, "sqlite3_libversion_number", out var export)
            ? Marshal.GetDelegateForFunctionPointer<VersionNumber>(export)()
            : 0;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionNumber();
}
