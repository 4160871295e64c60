using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;

namespace Central.Pages;

/// <summary>Renders pages on the server, whole before the first byte is sent, so that a page that fails is an error and not half a page.</summary>
internal sealed class PageRenderer(IServiceProvider services, ILoggerFactory loggers)
{
    /// <summary>The HTML of a page.</summary>
    public async Task<string> RenderAsync(Type component, PageContext page, object? model)
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(Root.Component)] = component, [nameof(Root.Page)] = page, [nameof(Root.Model)] = model });
        return await renderer.Dispatcher.InvokeAsync(async () => "<!DOCTYPE html>\n" + (await renderer.RenderComponentAsync<Root>(parameters)).ToHtmlString());
    }

    /// <summary>Gives the page, and everything in it, the request and the model.</summary>
    private sealed class Root : IComponent
    {
        private RenderHandle _handle;

        [Parameter]
        public Type Component { get; set; } = null!;

        [Parameter]
        public PageContext Page { get; set; } = null!;

        [Parameter]
        public object? Model { get; set; }

        public void Attach(RenderHandle renderHandle) => _handle = renderHandle;

        public Task SetParametersAsync(ParameterView parameters)
        {
            parameters.SetParameterProperties(this);
            _handle.Render(builder => Cascade(builder, Page, inner => Cascade(inner, Model ?? NoModel.Instance, content =>
            {
                content.OpenComponent(0, Component);
                content.CloseComponent();
            })));
            return Task.CompletedTask;
        }

        private static void Cascade(RenderTreeBuilder builder, object value, RenderFragment content)
        {
            builder.OpenComponent(0, typeof(CascadingValue<>).MakeGenericType(value.GetType()));
            builder.AddComponentParameter(1, nameof(CascadingValue<>.Value), value);
            builder.AddComponentParameter(2, nameof(CascadingValue<>.IsFixed), true);
            builder.AddComponentParameter(3, nameof(CascadingValue<>.ChildContent), content);
            builder.CloseComponent();
        }
    }

    /// <summary>The model of a page without one.</summary>
    private sealed class NoModel
    {
        public static readonly NoModel Instance = new();
    }
}
