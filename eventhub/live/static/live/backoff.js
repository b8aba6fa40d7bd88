// backoff.js: what follows the end of a socket, and how long to wait, spread so that a hall full of phones does not return as
// a herd. Pure.

export const FIRST_MS = 250
export const LONGEST_MS = 15_000
export const CROWDED_MS = 120_000
const FAILURES_BEFORE_POLLING = 3
const DENIED = new Set([4401, 4403])
const CROWDED = 4429

// Full jitter: anything between FIRST_MS and a bound that doubles with each failure.
export function backoffMs(failures, random = Math.random) {
  const bound = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(1, failures))
  return FIRST_MS + random() * (bound - FIRST_MS)
}

// Gives { denied } or { delayMs, polls }. Where there are too many pages of one person already, coming back soon would only
// drive out the next one: a page that is looked at asks over HTTP meanwhile, a hidden one needs nothing until it is looked at.
export function afterEnd(code, failures, { hidden = false, random = Math.random } = {}) {
  if (DENIED.has(code)) return { denied: true }
  if (code === CROWDED) return { delayMs: CROWDED_MS * (1 + random()), polls: !hidden }
  return { delayMs: backoffMs(failures, random), polls: failures >= FAILURES_BEFORE_POLLING }
}

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
