import { equal, ok, test } from "harness"
import { instantAt, lanes, marks, scaleOf, snap, topOf, within } from "agenda/grid-scale"

const at = (text) => Date.parse(`2026-03-12T${text}:00+01:00`)
const slot = (key, start, end) => ({ key, start: at(start), end: at(end) })
const clock = (ms) => new Date(ms).toISOString().slice(11, 16)
const OPEN = { opens: at("09:00"), closes: at("17:00") }

test("the day is drawn from its first to its last hour, with room around what is placed", () => {
  const scale = scaleOf([slot("a", "08:50", "10:00"), slot("b", "16:00", "17:40")], OPEN)

  equal([clock(scale.from), clock(scale.until)], ["07:00", "18:00"])
  equal(marks(scale).length, 12)
})

test("a day between two others is drawn where something is, else by daylight", () => {
  const day = { opens: at("04:00"), closes: at("04:00") + 86_400_000 }

  equal([clock(scaleOf([], day).from), clock(scaleOf([], day).until)], ["07:00", "19:00"])
  equal([clock(scaleOf([slot("a", "14:00", "15:00")], day).from), clock(scaleOf([slot("a", "14:00", "15:00")], day).until)], ["12:00", "15:00"])
})

test("short sessions make the day larger, within reason", () => {
  const of = (end) => scaleOf([slot("a", "10:00", end)], OPEN).perMinute

  ok(of("10:25") > of("11:00"))
  equal(of("10:01"), of("10:45"))
})

test("a place on the page is a round time within the day, and back", () => {
  const scale = scaleOf([slot("a", "10:00", "11:00")], OPEN)

  equal(instantAt(scale, topOf(scale, at("11:05"))), at("11:05"))
  equal(instantAt(scale, topOf(scale, at("11:07"))), at("11:05"))
  equal(instantAt(scale, topOf(scale, at("11:07")), 900_000), at("11:00"))
  equal(instantAt(scale, -500), scale.from)
  equal(within(scale, scale.until + 1), scale.until - 300_000)
  equal(snap(at("11:03")), at("11:05"))
})

test("what overlaps shares the width, and what only touches does not", () => {
  const found = lanes([slot("a", "10:00", "11:00"), slot("b", "10:30", "11:30"), slot("c", "11:00", "12:00"), slot("d", "12:00", "13:00")])

  equal(Object.fromEntries(found), { a: { lane: 0, of: 2 }, b: { lane: 1, of: 2 }, c: { lane: 0, of: 2 }, d: { lane: 0, of: 1 } })
})
