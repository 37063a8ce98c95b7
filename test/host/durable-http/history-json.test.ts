import { toHistoryJson } from '../../../host/durable-http/history-json';
import type { HistoryEvent } from '../../../host/durable/contract';

const anEvent = (EventType: number, EventId: number, fields: object = {}): HistoryEvent => ({
  EventType,
  EventId,
  IsPlayed: false,
  Timestamp: new Date('2031-02-03T04:05:06.789Z'),
  ...fields,
});

const history = [
  anEvent(12, -1),
  anEvent(0, -1, { Name: 'chain', Version: '', Input: '"in"', Tags: null }),
  anEvent(4, 0, { Name: 'hello', Input: '["a"]' }),
  anEvent(4, 1, { Name: 'slow', Input: '[]' }),
  anEvent(13, -1),
  anEvent(5, -1, { TaskScheduledId: 0, Result: '{"n":1}' }),
];

describe('the history that the status API shows', () => {
  it('tells what was scheduled by its completion', () => {
    const events = toHistoryJson(history, { inputs: true, results: true });

    expect(events).toEqual([
      {
        EventType: 'ExecutionStarted',
        Timestamp: new Date('2031-02-03T04:05:06.789Z'),
        Input: '"in"',
        FunctionName: 'chain',
      },
      {
        EventType: 'TaskScheduled',
        Timestamp: new Date('2031-02-03T04:05:06.789Z'),
        Name: 'slow',
        Input: '[]',
      },
      {
        EventType: 'TaskCompleted',
        Timestamp: new Date('2031-02-03T04:05:06.789Z'),
        Result: { n: 1 },
        ScheduledTime: '2031-02-03T04:05:06.789+00:00',
        FunctionName: 'hello',
        Input: null,
      },
    ]);
  });

  it('leaves out inputs and results that nobody asked for', () => {
    const events = toHistoryJson(history, { inputs: false, results: false });

    expect(events.some((event) => 'Input' in event || 'Result' in event)).toBe(false);
  });
});
