// backoff.js: how long to wait after failures, spread so that a hall full of phones does not return as a herd. Pure.

export const FIRST_MS = 250
export const LONGEST_MS = 15_000

// Full jitter: anything between FIRST_MS and a bound that doubles with each failure.
export function backoffMs(failures, random = Math.random) {
  const bound = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(1, failures))
  return FIRST_MS + random() * (bound - FIRST_MS)
}

export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
