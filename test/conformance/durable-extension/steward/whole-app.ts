// The entry of an app: all of Steward, as it is deployed, but in a hurry.
import '../../../../functions/index';
import { hurryOrchestrations } from './hurry';

hurryOrchestrations();
