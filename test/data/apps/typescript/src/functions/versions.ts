import * as df from 'durable-functions';
import { OrchestrationContext } from 'durable-functions';

df.app.orchestration('versioned', function* (context: OrchestrationContext) {
  const child: string = yield context.df.callSubOrchestrator('versionOfChild');
  return { parent: context.df.version, child };
});
df.app.orchestration('versionOfChild', function* (context: OrchestrationContext) {
  return context.df.version;
});
