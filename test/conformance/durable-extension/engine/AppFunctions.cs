using System.Reflection;
using System.Reflection.Emit;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Newtonsoft.Json.Linq;

namespace DurableEngine;

/// <summary>
/// A class with one public static method for each function of the app. A trigger parameter of type string is
/// what makes the extension treat a function as one of another process.
/// </summary>
sealed class AppFunctions : ITypeLocator
{
    const string ClientProbe = "durableClientProbe";
    readonly TypeBuilder type;
    readonly Type built;

    public AppFunctions(JArray functions)
    {
        type = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("App"), AssemblyBuilderAccess.Run)
            .DefineDynamicModule("App")
            .DefineType("Functions", TypeAttributes.Public);
        foreach (var function in functions) Define((string)function["name"]!, (string)function["trigger"]!);
        DefineClientProbe();
        built = type.CreateType();
    }

    public IReadOnlyList<Type> GetTypes() => [built];

    /// <summary>Has the extension make a durable client input, and waits for its text.</summary>
    public async Task<string> ReadClientAsync(IJobHost host)
    {
        await host.CallAsync($"{built.Name}.{ClientProbe}", new Dictionary<string, object>());
        return await Bridge.Client;
    }

    void Define(string name, string trigger)
    {
        var isActivity = trigger == "activityTrigger";
        Type[] parameters = isActivity ? [typeof(string), typeof(string)] : [typeof(string)];
        var method = DefineMethod(name, typeof(Task<object>), parameters);
        method.SetCustomAttribute(Attribute(typeof(FunctionNameAttribute), name));
        // Not "data": activity triggers bind that name themselves.
        method.DefineParameter(1, ParameterAttributes.None, "payload").SetCustomAttribute(Attribute(trigger switch
        {
            "orchestrationTrigger" => typeof(OrchestrationTriggerAttribute),
            "entityTrigger" => typeof(EntityTriggerAttribute),
            _ => typeof(ActivityTriggerAttribute),
        }));
        // Filled by name, from what the trigger knows.
        if (isActivity) method.DefineParameter(2, ParameterAttributes.None, "instanceId");
        var body = method.GetILGenerator();
        body.Emit(OpCodes.Ldstr, name);
        body.Emit(OpCodes.Ldarg_0);
        body.Emit(isActivity ? OpCodes.Ldarg_1 : OpCodes.Ldnull);
        body.Emit(OpCodes.Call, typeof(Bridge).GetMethod(nameof(Bridge.Invoke))!);
        body.Emit(OpCodes.Ret);
    }

    void DefineClientProbe()
    {
        var method = DefineMethod(ClientProbe, typeof(void), [typeof(string)]);
        method.SetCustomAttribute(Attribute(typeof(NoAutomaticTriggerAttribute)));
        method.DefineParameter(1, ParameterAttributes.None, "client")
            .SetCustomAttribute(Attribute(typeof(DurableClientAttribute)));
        var body = method.GetILGenerator();
        body.Emit(OpCodes.Ldarg_0);
        body.Emit(OpCodes.Call, typeof(Bridge).GetMethod(nameof(Bridge.TakeClient))!);
        body.Emit(OpCodes.Ret);
    }

    MethodBuilder DefineMethod(string name, Type result, Type[] parameters) =>
        type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, result, parameters);

    static CustomAttributeBuilder Attribute(Type attribute, params string[] arguments) =>
        new(attribute.GetConstructor([.. arguments.Select(_ => typeof(string))])!, arguments);
}
