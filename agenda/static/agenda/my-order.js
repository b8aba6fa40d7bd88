// my-order.js: one's own programme at one moment: what comes, what is over, what is next, what overlaps. The same rules as
// agenda/stars.py. Slots are half-open. Pure.

const SOON_MINUTES = 90

// `slots`: { start, end, order, title, off, cancelled } with times in ms; `off`: no longer starred. Gives { coming, past, next }, in
// order; each gets `clashes`, the titles of those that overlap with it.
export function order(slots, at) {
  const sorted = [...slots].sort((a, b) => a.start - b.start || a.order - b.order)
  const marked = sorted.map((slot) => ({ ...slot, clashes: sorted.filter((other) => overlap(slot, other)).map(({ title }) => title) }))
  const coming = marked.filter(({ end }) => end > at)
  return { coming, past: marked.filter(({ end }) => end <= at), next: coming.find((slot) => counts(slot)) ?? null }
}

// { words: "now" | "next" | "later", minutes }: started minutes, at least 1.
export function until({ start, end }, at) {
  const running = start <= at
  const minutes = Math.max(1, Math.ceil(((running ? end : start) - at) / 60_000))
  return { words: running ? "now" : minutes > SOON_MINUTES ? "later" : "next", minutes }
}

const counts = ({ off, cancelled }) => !off && !cancelled

function overlap(one, other) {
  return one.key !== other.key && counts(one) && counts(other) && one.start < other.end && other.start < one.end
}
