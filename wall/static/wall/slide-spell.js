// slide-spell.js: what the programme means for this screen at a moment, with the slots themselves, as slides read it.

import { takesPlace } from "agenda/arrange"
import { clock, sameDay, weekday } from "eventhub/clock"
import { ownScreen } from "wall/screen-own"
import { planNow, spellAt } from "wall/screen-plan-page"
import { say, slotsByLetters } from "wall/screen-slots"

// { scene, ends, now, next }: slots that take place, `ends` in ms or null.
export function spellHere(at) {
  const spell = spellAt(ownScreen().stands || "hall", at)
  const slots = slotsByLetters()
  const of = (letters) => letters.map((few) => slots.get(few)).filter((slot) => slot && takesPlace(slot))
  return { scene: spell.scene, ends: spell.ends, now: of(spell.now), next: of(spell.next) }
}

// Who speaks, each with what they are: [["Karin Probst", "Wirtschaftsförderung"], …]
export function peopleOf(slot) {
  return planNow().people.get(slot.session) ?? (slot.host ? [[slot.host, ""]] : [])
}

// The slot that the hall listens to: a talk or a panel before anything else; no break.
export function speaking(now) {
  const taking = now.filter(({ kind }) => kind !== "break")
  return taking.find(({ kind }) => kind === "talk" || kind === "panel") ?? taking[0]
}

// Below that many minutes "in 18 Minuten" says more than the time alone.
const NEAR_MIN = 90

// "Um 11:45, in 18 Minuten", by the patterns at, inMinute, inMinutes and day; the day of the week if it is another one.
export function whenWords(start, at, { zone, language, words }) {
  const minutes = Math.max(0, Math.ceil((start - at) / 60_000))
  const values = { time: clock(zone)(start), minutes, day: weekday(zone, language)(start) }
  if (!sameDay(zone, start, at)) return say(words.day, values)
  if (minutes > NEAR_MIN || minutes === 0) return say(words.at, values)
  return say(minutes === 1 ? words.inMinute : words.inMinutes, values)
}
