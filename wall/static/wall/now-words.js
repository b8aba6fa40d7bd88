// now-words.js: the programme at one moment in one sentence. Pure; the sentences are given as patterns.

import { arrange, takesPlace } from "agenda/arrange"
import { clock, sameDay, weekday } from "eventhub/clock"

export function sayNow(slots, at, { zone, language, words }) {
  const time = clock(zone)
  const say = (pattern, values) => (pattern ?? "").replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
  const { now, next, past } = arrange(slots.filter(takesPlace), at)
  const running = now.filter(({ kind }) => kind !== "break")
  if (running.length === 1) return say(words.now, { title: running[0].title })
  if (running.length > 1) return say(words.many, { n: running.length, time: time(Math.min(...running.map(({ end }) => end))) })
  if (now.length > 0) return say(words.break, { title: now[0].title, time: time(now[0].end) })
  if (next.length > 0 && !sameDay(zone, at, next[0].start)) {
    return say(words.day, { day: weekday(zone, language)(next[0].start), time: time(next[0].start) })
  }
  if (next.length > 0 && past.length === 0) return say(words.before, { time: time(next[0].start) })
  if (next.length > 0) return say(words.next, { time: time(next[0].start), title: next[0].title })
  return past.length > 0 ? (words.over ?? "") : ""
}
