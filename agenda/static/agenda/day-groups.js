// day-groups.js: under which heading of a programme a slot stands, and in which row beside other rooms. Pure.

// The name of a slot's group, as the server gives it: its start in seconds, its room, its track.
export function groupKey(by, { start, element }) {
  return by === "time" ? String(Math.floor(start / 1000)) : (element.dataset[by] ?? "")
}

// Where a group stands among others: starts by time, rooms by the organizers' order; what has neither room nor track is last.
export function groupPlace(by, { start, order, element }) {
  if (by === "time") return start
  if (!element.dataset[by]) return Infinity
  return by === "room" ? order % 1000 : 0
}

// Rows for columns beside each other: { rows, at: Map(slot -> [from, to]) }, counted from 1. Null when two slots of one column
// overlap: then each column stands for itself.
export function rowsOf(columns) {
  const slots = columns.flat()
  const moments = [...new Set(slots.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b)
  const row = new Map(moments.map((moment, at) => [moment, at + 1]))
  for (const column of columns) {
    const sorted = [...column].sort((a, b) => a.start - b.start)
    if (sorted.some(({ end }, at) => sorted[at + 1] && end > sorted[at + 1].start)) return null
  }
  return { rows: Math.max(0, moments.length - 1), at: new Map(slots.map((slot) => [slot, [row.get(slot.start), row.get(slot.end)]])) }
}
