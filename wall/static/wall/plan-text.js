// plan-text.js: reads again what wall/plan_text.py has written: the spells of each place, how late the slots are, who speaks. Pure.

// The spells of those who stand in `stands`, or of the hall: [{ at, scene, now, next, ends }], times in ms, slots as `letters` of
// their keys. None without a plan.
export function spellsOf(told, stands) {
  if (!told?.rows) return []
  const place = Math.max(0, told.stands.indexOf(stands))
  const here = told.rooms.flatMap((room, slot) => (place < 2 || room === 0 || room === place ? [slot] : []))
  let [at, gone] = [told.starts, 0]
  return told.rows[place].map((number) => {
    const [since, scene, passed, now, next, ends] = told.shapes[number]
    at += Math.round(since * 1000)
    gone += passed
    const named = (slots) => slots.map((slot) => letters(told, here[gone + slot]))
    return { at, scene: told.scenes[scene], now: named(now), next: named(next), ends: ends === null ? null : at + Math.round(ends * 1000) }
  })
}

// How much later than planned a slot begins and ends: letters -> [ms, ms].
export const lateOf = (told) => new Map((told?.late ?? []).map(([slot, begins, ends]) => [letters(told, slot), [begins, ends].map((by) => Math.round(by * 1000))]))

// Who speaks, each with what they are, by the number of the session: "7" -> [["Karin Probst", "Wirtschaftsförderung"], …]
export function peopleOf({ people = [], names = "" }) {
  const known = names.split("\n").map((line) => line.split("\t"))
  return new Map(people.map(([session, ...numbers]) => [String(session), numbers.map((number) => known[number])]))
}

const letters = ({ keys, letters: length }, slot) => keys.slice(slot * length, (slot + 1) * length)
