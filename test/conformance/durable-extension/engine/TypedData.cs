using System.Globalization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace DurableEngine;

/// <summary>Values that the SDK returns, in the union in which a worker sends them to the Functions host.</summary>
static class TypedData
{
    static readonly JsonSerializerSettings AsInTheHost = new()
    {
        DateParseHandling = DateParseHandling.None,
        MaxDepth = 256,
    };

    public static object? ToObject(JToken? data)
    {
        if ((data as JObject)?.Properties().FirstOrDefault() is not { } member) return null;
        var text = member.Value.Value<string>() ?? "";
        return member.Name switch
        {
            "string" => text,
            "json" => JsonConvert.DeserializeObject(text, AsInTheHost),
            "int" => (long)double.Parse(text, CultureInfo.InvariantCulture), // out of range: the nearest
            "double" => double.Parse(text, CultureInfo.InvariantCulture), // NaN and Infinity too
            "bytes" => Convert.FromBase64String(text),
            _ => throw new NotSupportedException($"The worker sent a value of the unknown kind '{member.Name}'."),
        };
    }
}
