using System.Text;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DurableEngine;

/// <summary>JSON lines in both directions; dates stay text, as in the Functions host.</summary>
sealed class Wire(Stream input, Stream output)
{
    readonly StreamReader reader = new(input, new UTF8Encoding(false));
    readonly Lock writing = new();

    /// <summary>The next message, or null when the other side has gone.</summary>
    public async Task<JObject?> ReadAsync() =>
        await reader.ReadLineAsync() is { } line ? Parse(line) : null;

    public void Send(string kind, JToken content)
    {
        var message = new JObject { [kind] = content };
        var bytes = Encoding.UTF8.GetBytes(message.ToString(Formatting.None) + "\n");
        lock (writing)
        {
            output.Write(bytes);
            output.Flush();
        }
    }

    static JObject Parse(string line)
    {
        using var json = new JsonTextReader(new StringReader(line))
        {
            DateParseHandling = DateParseHandling.None,
            MaxDepth = 256,
        };
        return JObject.Load(json);
    }
}
