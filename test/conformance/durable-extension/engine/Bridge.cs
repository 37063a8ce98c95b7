using System.Collections.Concurrent;
using Microsoft.Azure.WebJobs.Script.Workers.Rpc;
using Newtonsoft.Json.Linq;

namespace DurableEngine;

/// <summary>What the generated functions call: each call goes to the worker as one line and comes back as one.</summary>
public static class Bridge
{
    static readonly ConcurrentDictionary<long, TaskCompletionSource<JObject>> Waiting = new();
    static readonly TaskCompletionSource<string> ClientText = new();
    static long lastId;

    internal static Wire? Worker { get; set; }

    /// <summary>The text that a durable client input is given, as the extension writes it.</summary>
    internal static Task<string> Client => ClientText.Task;

    public static async Task<object?> Invoke(string function, string? data, string? instanceId)
    {
        var id = Interlocked.Increment(ref lastId);
        // The extension blocks the thread of an orchestration on this task: it must not go on inside Answer.
        var answered = new TaskCompletionSource<JObject>(TaskCreationOptions.RunContinuationsAsynchronously);
        Waiting[id] = answered;
        Worker!.Send("call", new JObject
        {
            ["id"] = id,
            ["function"] = function,
            ["data"] = data,
            ["instanceId"] = instanceId,
        });
        return TypedData.ToObject((await answered.Task)["value"]);
    }

    public static void TakeClient(string text) => ClientText.TrySetResult(text);

    internal static void Answer(JObject answer)
    {
        if (!Waiting.TryRemove((long)answer["id"]!, out var answered)) return;
        if (answer["error"] is not { } error) answered.SetResult(answer);
        else answered.SetException(new RpcException((string)error["message"]!, (string)error["stack"]!));
    }
}
