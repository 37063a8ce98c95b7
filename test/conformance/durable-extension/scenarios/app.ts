import { registerActivities } from './activities';
import { topics } from './index';

registerActivities();
for (const topic of topics) topic.register();
