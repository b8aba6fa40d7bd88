import { Arrivals, head, momentAt, TURN_MS, Turns, when } from "wall/board-turns"
import { equal, test } from "harness"

const NOON = Date.parse("2026-10-07T12:00:00Z")
const MINUTE = 60_000
const words = { now: "Now", nowUntil: "Now, until {time}", next: "At {time}", soon: "After that", until: "until {time}", from: "from {time}", day: "{day} at {time}" }
const time = (ms) => new Date(ms).toISOString().slice(11, 16)
const speech = { words, time, zone: "UTC", language: "en" }
const slot = (start, minutes, cancelled = false) => ({ start: NOON + start * MINUTE, end: NOON + (start + minutes) * MINUTE, cancelled })

test("the last moment that has begun stands, the first one from its very instant", () => {
  const moments = [{ at: 10, pages: [1] }, { at: 20, pages: [2] }]

  equal(momentAt(moments, 20).pages, [2])
  equal(momentAt(moments, 19).pages, [1])
  equal(momentAt(moments, 9).pages, [])
  equal(momentAt([], 9).above, ["", ""])
})

test("pages take turns every twelve seconds and begin with the first", () => {
  const turns = new Turns()

  const seen = [0, TURN_MS - 1, TURN_MS, 2 * TURN_MS, 3 * TURN_MS].map((at) => turns.at(3, at))

  equal(seen, [0, 0, 1, 2, 0])
})

test("a page that is gone is none to stand on", () => {
  const turns = new Turns()
  turns.jump(2, 0)

  equal(turns.at(2, 1), 1)
  equal(turns.at(0, 1), 0)
})

test("the page of a new card comes at once and stays for its time", () => {
  const turns = new Turns()
  turns.at(3, 0)
  turns.jump(2, 5_000)

  equal([5_000, 5_000 + TURN_MS - 1, 5_000 + TURN_MS].map((at) => turns.at(3, at)), [2, 2, 0])
})

test("what was there at the first look is not new, and a whole programme is no news", () => {
  const arrivals = new Arrivals()

  equal(arrivals.of(["a", "b"]), [])
  equal(arrivals.of(["a", "b", "c"]), ["c"])
  equal(arrivals.of(["a", "b", "c"]), [])
  equal(arrivals.of([..."abcdefghij"]), [])
  arrivals.forget()
  equal(arrivals.of([..."abcdefghijk"]), [])
})

test("one time for all stands above them, several stand with each", () => {
  equal(head([slot(-10, 45), slot(-10, 45)], "now", speech), { text: "Now, until 12:35", each: "" })
  equal(head([slot(-10, 45), slot(-10, 20)], "now", speech), { text: "Now", each: "until {time}" })
  equal(head([slot(30, 45)], "next", speech), { text: "At 12:30", each: "" })
  equal(head([slot(30, 45), slot(40, 20)], "next", speech), { text: "After that", each: "from {time}" })
  equal(head([], "next", speech), { text: "", each: "" })
})

test("what is cancelled does not say when it goes on", () => {
  equal(head([slot(10, 20, true), slot(30, 45)], "next", speech), { text: "At 12:30", each: "" })
  equal(head([slot(10, 20, true)], "next", speech), { text: "At 12:10", each: "" })
})

test("another day is named", () => {
  const tomorrow = [slot(21 * 60, 45)]

  equal(head(tomorrow, "next", { ...speech, day: true }), { text: "Thursday at 09:00", each: "" })
  equal(when(tomorrow[0].start, NOON, speech), "Thursday 09:00")
  equal(when(NOON + MINUTE, NOON, speech), "12:01")
})
