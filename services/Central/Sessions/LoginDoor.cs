namespace Central.Sessions;

/// <summary>Where somebody signs in.</summary>
internal enum LoginDoor
{
    /// <summary>On the site's pages: a login that waits belongs to the browser that holds its cookie.</summary>
    Page,

    /// <summary>At <c>/api/method/login</c>: a login that waits belongs to who comes from the same address with the same user agent.</summary>
    Api,
}
