using System.Net;
using System.Security.Cryptography;
using Microservices.Gateway.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Microservices.Gateway.Tests;

public sealed class StreamingTests
{
    private const int Size = 10 * 1024 * 1024;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LargeBodies_PassBothWaysIntact()
    {
        await using var files = await FakeService.StartAsync("files", methods: ["upload_file"]);
        files.Handler = async context =>
        {
            // HTTP/1.1 clients read the answer only after they have sent everything.
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, Cancel);
            await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), Cancel);
        };
        await using var gateway = await RunningGateway.StartAsync(files);

        var sent = RandomNumberGenerator.GetBytes(Size);
        using var response = await gateway.Client.PostAsync("/api/method/upload_file", new ByteArrayContent(sent), Cancel);
        var received = await response.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(received));
    }

    [Fact]
    public async Task Upload_ReachesTheServiceWhileTheClientStillSends()
    {
        var arrived = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var files = await FakeService.StartAsync("files", methods: ["upload_file"]);
        files.Handler = async context =>
        {
            var length = await context.Request.Body.ReadAsync(new byte[1024], Cancel);
            arrived.SetResult(length > 0);
            await context.Request.Body.CopyToAsync(Stream.Null, Cancel);
        };
        await using var gateway = await RunningGateway.StartAsync(files);

        using var content = new HalfwayContent(Size, arrived);
        using var response = await gateway.Client.PostAsync("/api/method/upload_file", content, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Download_ReachesTheClientWhileTheServiceStillSends()
    {
        var seen = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var files = await FakeService.StartAsync("files", methods: ["download_file"]);
        files.Handler = async context =>
        {
            await context.Response.WriteAsync("first", Cancel);
            await context.Response.Body.FlushAsync(Cancel);
            await Wait.ForAsync(seen);
            await context.Response.WriteAsync("second", Cancel);
        };
        await using var gateway = await RunningGateway.StartAsync(files);

        using var response = await gateway.Client.GetAsync("/api/method/download_file", HttpCompletionOption.ResponseHeadersRead, Cancel);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancel));
        var first = new char[5];
        await reader.ReadBlockAsync(first, Cancel);
        Assert.Equal("first", new string(first));
        seen.SetResult(true);
        Assert.Equal("second", await reader.ReadToEndAsync(Cancel));
    }

    [Fact]
    public async Task ClientThatGoesAway_EndsTheServicesRequestToo_AndIsNoError()
    {
        var begun = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var slow = await FakeService.StartAsync("slow", methods: ["slow"]);
        slow.Handler = async context =>
        {
            context.RequestAborted.Register(() => ended.TrySetResult(true));
            begun.TrySetResult(true);
            await Wait.ForAsync(ended);
        };
        await using var gateway = await RunningGateway.StartUnlearnedAsync([slow.Address], "--logging:logLevel:default", "Debug");
        await gateway.UntilLearnedAsync(1);

        using var leave = new CancellationTokenSource();
        var request = gateway.Client.GetAsync("/api/method/slow", leave.Token);
        await Wait.ForAsync(begun);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        Assert.True(await Wait.ForAsync(ended));
        await Wait.UntilAsync(() => gateway.Logs.Lines.Any(line => line.Contains("went away", StringComparison.Ordinal)));
        Assert.Empty(gateway.Logs.Errors);
    }

    [Fact]
    public async Task HundredsOfRequestsAtOnce_EachGetTheirOwnAnswer()
    {
        await using var one = await FakeService.StartAsync("one", docTypes: ["One"]);
        await using var two = await FakeService.StartAsync("two", docTypes: ["Two"]);
        foreach (var service in new[] { one, two })
        {
            service.Handler = async context =>
            {
                await Task.Yield();
                using var reader = new StreamReader(context.Request.Body);
                await context.Response.WriteAsync($"{service.Name} {context.Request.Path.Value} {await reader.ReadToEndAsync(Cancel)}", Cancel);
            };
        }

        await using var gateway = await RunningGateway.StartAsync(one, two);
        var answers = await Task.WhenAll(Enumerable.Range(0, 600).Select(async number =>
        {
            var docType = number % 2 == 0 ? "One" : "Two";
            using var response = await gateway.Client.PostAsync($"/api/resource/{docType}/{number}", new StringContent($"body {number}"), Cancel);
            return await response.Content.ReadAsStringAsync(Cancel);
        }));
        Assert.Equal(
            Enumerable.Range(0, 600).Select(number => number % 2 == 0 ? $"one /api/resource/One/{number} body {number}" : $"two /api/resource/Two/{number} body {number}"),
            answers);
        Assert.Empty(gateway.Logs.Errors);
    }

    /// <summary>Sends its second half only after the first has arrived somewhere.</summary>
    private sealed class HalfwayContent(int size, TaskCompletionSource<bool> arrived) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(new byte[size / 2], Cancel);
            await stream.FlushAsync(Cancel);
            Assert.True(await Wait.ForAsync(arrived));
            await stream.WriteAsync(new byte[size - (size / 2)], Cancel);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = size;
            return true;
        }
    }
}
