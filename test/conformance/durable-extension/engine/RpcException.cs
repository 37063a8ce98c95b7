// The extension tells a failure in a language worker from its own by this full name, and reads its properties by
// name. What it writes about the failure holds all of them, so they are those of the Functions host, in its order.
namespace Microsoft.Azure.WebJobs.Script.Workers.Rpc;

/// <summary>What a function in the worker threw.</summary>
public sealed class RpcException(string message, string stack)
    : Exception($"Result: Failure\nException: {message}\nStack: {stack}")
{
    public bool IsUserException => false;

    public string RemoteStackTrace => stack;

    public string RemoteMessage => message;

    public string? RemoteTypeName => null;
}
