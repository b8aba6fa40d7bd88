// arrange.js: what a programme looks like at one moment. Slots are half-open: at 10:00 the slot that ends at 10:00 is over. Pure.

// `slots`: { start, end, order, cancelled } with times in ms. Gives { now, next, later, past }, each in order of time. `next` holds
// all until the earliest start to come of what takes place, breaks included. Cancelled ones stand where people look for them.
export function arrange(slots, at) {
  const sorted = [...slots].sort((a, b) => a.start - b.start || a.order - b.order)
  const future = sorted.filter(({ start }) => start > at)
  const soonest = future.find(({ cancelled }) => !cancelled)?.start ?? -Infinity
  return {
    now: sorted.filter(({ start, end }) => start <= at && at < end),
    next: future.filter(({ start }) => start <= soonest),
    later: future.filter(({ start }) => start > soonest),
    past: sorted.filter(({ start, end }) => end <= at && start <= at),
  }
}

export const takesPlace = ({ cancelled }) => !cancelled

// What is next in the room of `slot`; undefined if nothing is, or if it has no room.
export function following(slot, slots) {
  const after = slots.filter((other) => slot.room && other.room === slot.room && takesPlace(other) && other.start >= slot.end)
  return after.sort((a, b) => a.start - b.start)[0]
}

// By room, as the organizers have ordered them.
export const byRoom = (a, b) => (a.order % 1000) - (b.order % 1000) || a.start - b.start

// Started minutes still to go, at least 1, and the part that is over in per cent.
export function progress({ start, end }, at) {
  const minutes = Math.max(1, Math.ceil((end - at) / 60_000))
  return { minutes, percent: Math.min(100, Math.max(0, ((at - start) / (end - start)) * 100)) }
}

// A slot as its element tells it.
export const slotOf = (element) => ({
  element,
  key: element.dataset.key,
  start: Date.parse(element.dataset.start),
  end: Date.parse(element.dataset.end),
  order: Number(element.dataset.order),
  kind: element.dataset.kind ?? "",
  room: element.dataset.room ?? "",
  cancelled: element.dataset.cancelled !== undefined,
})
