namespace Central.Pages;

/// <summary>Registers pages.</summary>
internal static class PageRoutes
{
    extension(Microservice app)
    {
        /// <summary>A page with a form.</summary>
        public void Page<TPage>(string path)
            where TPage : class, IPage
        {
            app.ReadOnlyPage<TPage>(path);
            app.Route("POST", path, (HttpContext context, PageRunner runner, TPage page) => runner.SubmitAsync(context, page));
        }

        /// <summary>A page that only shows.</summary>
        public void ReadOnlyPage<TPage>(string path)
            where TPage : class, IPage
        {
            app.Services.AddSingleton<TPage>();
            app.Route("GET,HEAD", path, (HttpContext context, PageRunner runner, TPage page) => runner.ShowAsync(context, page));
        }
    }
}
