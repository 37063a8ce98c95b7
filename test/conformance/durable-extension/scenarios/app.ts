// The entry of the apps: which one it becomes is set where it is started.
import { registerActivities } from './activities';
import { repertoires } from './index';

const name = process.env['REPERTOIRE'] === 'configured' ? 'configured' : 'standard';

registerActivities();
for (const topic of repertoires[name].topics) topic.register();
