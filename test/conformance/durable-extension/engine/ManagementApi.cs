using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Extensions.Logging;

namespace DurableEngine;

/// <summary>Serves the extension's Durable HTTP API on a loopback port, to whoever has its key.</summary>
sealed class ManagementApi(string code, string publicUrl) : IWebHookProvider
{
    public const string Path = "/runtime/webhooks/durabletask";
    IAsyncConverter<HttpRequestMessage, HttpResponseMessage>? extension;

    /// <summary>Called by the extension, which is what answers requests from then on.</summary>
    public Uri GetUrl(IExtensionConfigProvider provider)
    {
        extension = (IAsyncConverter<HttpRequestMessage, HttpResponseMessage>)provider;
        return new Uri($"{publicUrl}{Path}?code={Uri.EscapeDataString(code)}");
    }

    /// <summary>Begins to listen on any free port; returns the address.</summary>
    public async Task<string> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = builder.Build();
        server.Run(AnswerAsync);
        await server.StartAsync();
        return server.Urls.First();
    }

    async Task AnswerAsync(HttpContext context)
    {
        var (request, response) = (context.Request, context.Response);
        var key = request.Headers["x-functions-key"].FirstOrDefault() ?? request.Query["code"].FirstOrDefault();
        if (extension is null || !request.Path.StartsWithSegments(Path)) response.StatusCode = 404;
        else if (key != code) response.StatusCode = 401;
        else await CopyAsync(await extension.ConvertAsync(ToMessage(request), context.RequestAborted), response);
    }

    static HttpRequestMessage ToMessage(HttpRequest request)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), request.GetEncodedUrl())
        {
            Content = new StreamContent(request.Body),
        };
        foreach (var (name, values) in request.Headers)
        {
            if (message.Headers.TryAddWithoutValidation(name, values.ToArray())) continue;
            message.Content.Headers.TryAddWithoutValidation(name, values.ToArray());
        }
        return message;
    }

    static async Task CopyAsync(HttpResponseMessage message, HttpResponse response)
    {
        response.StatusCode = (int)message.StatusCode;
        foreach (var (name, values) in message.Headers) response.Headers[name] = values.ToArray();
        if (message.Content is null) return;
        response.ContentType = message.Content.Headers.ContentType?.ToString();
        await message.Content.CopyToAsync(response.Body);
    }
}
