// Runs the Durable Functions extension without the Functions host. The parent process is the worker: its first
// line says what to run, then it answers one line for each function call. The engine ends when stdin closes.
using System.Text;
using DurableEngine;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Newtonsoft.Json.Linq;

var wire = new Wire(Console.OpenStandardInput(), Console.OpenStandardOutput());
Console.SetOut(TextWriter.Null); // stdout is the wire, and the extension prints there on some machines
Environment.SetEnvironmentVariable("FUNCTIONS_WORKER_RUNTIME", "node"); // JSON to the worker instead of gRPC
Environment.SetEnvironmentVariable("CONTAINER_NAME", null); // taken as the sign of a Linux consumption plan

var start = (await wire.ReadAsync())?["start"] ?? throw new InvalidOperationException("There is no start line.");
var functions = new AppFunctions((JArray)start["functions"]!);
var api = new ManagementApi((string)start["code"]!, (string)start["publicUrl"]!);
Bridge.Worker = wire;

using var host = Build(start, functions, api);
await host.StartAsync();
wire.Send("ready", new JObject
{
    ["url"] = await api.StartAsync(),
    ["client"] = await functions.ReadClientAsync(host.Services.GetRequiredService<IJobHost>()),
});

while (await wire.ReadAsync() is { } message)
{
    if (message["stop"] is not null)
    {
        await host.StopAsync();
        break;
    }
    Bridge.Answer((JObject)message["answer"]!);
}
Environment.Exit(0); // calls that are still open will never be answered: do not wait for them

static IHost Build(JToken start, AppFunctions functions, ManagementApi api)
{
    // What host.json has under extensions.durableTask, where a WebJobs host looks for it.
    var options = new JObject(new JProperty("AzureWebJobs",
        new JObject(new JProperty("extensions", new JObject(new JProperty("durableTask", start["durableTask"]))))));
    var storage = new Dictionary<string, string?> { ["AzureWebJobsStorage"] = (string?)start["storage"] };
    return new HostBuilder()
        .ConfigureAppConfiguration(configuration => configuration
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(options.ToString())))
            .AddInMemoryCollection(storage))
        .ConfigureWebJobs(jobs => jobs.AddDurableTask())
        .ConfigureServices(services => services
            .AddSingleton<ITypeLocator>(functions)
            .AddSingleton<IWebHookProvider>(api)
            .Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(10))
            .Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace))
        .ConfigureLogging(logging => logging
            .SetMinimumLevel(Enum.Parse<LogLevel>((string)start["logLevel"]!))
            .AddSimpleConsole(console => console.SingleLine = true))
        .Build();
}
