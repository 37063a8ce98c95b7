// The entry of the apps: the environment says which one it becomes, and whether its calls are recorded.
import { registerActivities } from './activities';
import { repertoires } from './index';
import { recordInvocations } from './recorder';

const { REPERTOIRE: name, INVOCATIONS: file } = process.env;

if (file !== undefined) recordInvocations(file);
registerActivities();
const { topics } =
  name === 'configured' || name === 'shared' ? repertoires[name] : repertoires.standard;
for (const topic of topics) topic.register();
