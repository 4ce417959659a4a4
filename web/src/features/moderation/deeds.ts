/** What the staff does to accounts. All of it throws ApiError. */
import { post, remove } from '../../wire/http';
import { FOR_EVER, LIMITS } from '../../wire/protocol.gen';
import { connection } from '../connection.svelte';

/** The longest reason, in characters. */
export const REASON = LIMITS.Suspend.reason.maxLength;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** How long somebody is silenced, or kept out, in ms; 0: until it is lifted. */
export const SPANS = { hour: HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY, ever: 0 } as const;
export type Span = keyof typeof SPANS;

/** A moment that never comes. */
export const isEver = (until: number): boolean => until >= FOR_EVER;

/** By the server's clock, to which moments are compared. */
const after = (span: Span): number => Math.round(connection.clock.now()) + SPANS[span];

export interface Suspension {
  reason: string;
  span: Span;
  /** Also delete everything that they ever wrote. */
  wipe: boolean;
}

export function suspend(account: string, { reason, span, wipe }: Suspension): Promise<void> {
  return post(`accounts/${account}/suspend`, { reason, until: span === 'ever' ? 0 : after(span), wipe });
}

export const letIn = (account: string): Promise<void> => remove(`accounts/${account}/suspend`);

export function silence(account: string, span: Span, reason: string): Promise<void> {
  return post(`accounts/${account}/mute`, { until: span === 'ever' ? FOR_EVER : after(span), reason });
}

export const unsilence = (account: string): Promise<void> => post(`accounts/${account}/mute`, { until: 0 });

export const trust = (account: string): Promise<void> => post(`accounts/${account}/trust`, {});
