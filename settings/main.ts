/** `npm run docs`: writes what is generated from the settings. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sampleSettings, settingsDocument } from './documents';

const root = join(import.meta.dirname, '..', '..');

writeFileSync(join(root, 'docs/settings.md'), settingsDocument());
writeFileSync(join(root, 'local.settings.sample.json'), sampleSettings());
