import durable from 'durable-functions';

export const df = durable;
