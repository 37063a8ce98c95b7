// Of the HTTP pipeline just what is used: loaded by name as a whole it would come as a whole.
export { createDefaultHttpClient } from '@azure/core-rest-pipeline';
