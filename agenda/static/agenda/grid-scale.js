// grid-scale.js: where things stand in the day grid: instants as pixels, what overlaps beside each other. Pure; times in ms.

export const MINUTE_MS = 60_000
export const STEP_MS = 5 * MINUTE_MS
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 16 * HOUR_MS // more than this is nobody's opening hours, but a day between two others
const SMALLEST_PX = 54 // as high as the shortest session, if it takes a while
const A_WHILE_MIN = 20
const SPARE_MS = 30 * MINUTE_MS
const PX_PER_MINUTE = [1.4, 2.7]

// `slots`: [{ start, end }]. Which part of the day is drawn, with half an hour to spare around what is placed, and how large.
export function scaleOf(slots, { opens, closes }) {
  const open = closes - opens <= DAY_MS ? [opens, closes] : slots.length ? [] : [opens + 4 * HOUR_MS, opens + 16 * HOUR_MS]
  const starts = slots.map(({ start }) => start - SPARE_MS)
  const ends = slots.map(({ end }) => end + SPARE_MS)
  const from = Math.floor(Math.min(...starts, ...open) / HOUR_MS) * HOUR_MS
  const until = Math.ceil(Math.max(...ends, ...open) / HOUR_MS) * HOUR_MS
  const lengths = slots.map(({ start, end }) => (end - start) / MINUTE_MS)
  const shortest = Math.min(45, ...lengths.filter((minutes) => minutes >= A_WHILE_MIN))
  const [least, most] = PX_PER_MINUTE
  return { from, until, perMinute: Math.min(most, Math.max(least, SMALLEST_PX / shortest)) }
}

export const pixels = ({ perMinute }, ms) => (ms / MINUTE_MS) * perMinute
export const topOf = (scale, start) => pixels(scale, start - scale.from)

// The instant at `y` pixels below the top, on a round time, within what is drawn.
export function instantAt(scale, y, step = STEP_MS) {
  return within(scale, snap(scale.from + (y / scale.perMinute) * MINUTE_MS, step))
}

// Round by the clock: every zone is a multiple of 15 minutes away from UTC.
export const snap = (ms, step = STEP_MS) => Math.round(ms / step) * step

export const within = ({ from, until }, start) => Math.min(until - STEP_MS, Math.max(from, start))

export function marks({ from, until }) {
  return Array.from({ length: Math.floor((until - from) / HOUR_MS) + 1 }, (_, n) => from + n * HOUR_MS)
}

// key -> { lane, of }: slots of one room that overlap share its width. Half-open: what only touches does not overlap.
export function lanes(slots) {
  const found = new Map()
  let group = []
  let ends = []
  const close = () => {
    for (const { key, lane } of group) found.set(key, { lane, of: ends.length })
    group = []
    ends = []
  }
  for (const { key, start, end } of [...slots].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (ends.every((other) => other <= start)) close()
    const free = ends.findIndex((other) => other <= start)
    const lane = free < 0 ? ends.length : free
    ends[lane] = end
    group.push({ key, lane })
  }
  close()
  return found
}
