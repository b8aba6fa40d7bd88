// scene-words.js: the line of the bar in each scene of the programme. Pure; the sentences are given as patterns.

import { clock, sameDay, weekday } from "eventhub/clock"

const say = (pattern, values) => (pattern ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)

// `spell`: { scene, now, next, ends } with slots. Null where the scene says nothing of its own.
export function sayScene({ scene, now, next, ends }, at, { zone, language, words }) {
  const time = clock(zone)
  const coming = next[0]
  const today = coming && sameDay(zone, at, coming.start)
  if (scene === "talk") return now[0]?.roomName || null
  if (scene === "ending") return words.soon
  if (scene === "sessions" && now.length > 1 && ends !== null) return say(words.many, { n: now.length, time: time(ends) })
  if (scene === "break" && !now.length && today) return say(words.pause, { time: time(coming.start) })
  if (scene === "before" && today) return say(words.before, { time: time(coming.start) })
  if (scene === "after") return coming && !today ? say(words.day, { day: weekday(zone, language)(coming.start), time: time(coming.start) }) : words.over
  return null
}
