import type { HistoryEvent } from './contract';
import { EventType, packEpisode, unpackEpisode } from './history';

/** What waits in an instance's mailbox is the entry that its history will get. */
export function formatMessage(message: HistoryEvent): string {
  return packEpisode([message]);
}

/** @throws when the text is not a message. */
export function parseMessage(text: string): HistoryEvent {
  const [message] = unpackEpisode(text);
  if (message === undefined) throw new Error(`'${text}' is not a message`);
  return message;
}

/** The messages in the order in which the history takes them: the start of an instance comes first. */
export function inOrder(messages: readonly HistoryEvent[]): HistoryEvent[] {
  const isStart = (message: HistoryEvent): boolean =>
    message.EventType === EventType.ExecutionStarted;
  return [...messages.filter(isStart), ...messages.filter((message) => !isStart(message))];
}

export function isOfType(type: number): (message: HistoryEvent) => boolean {
  return (message) => message.EventType === type;
}
