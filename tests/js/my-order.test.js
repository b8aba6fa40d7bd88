import { order, until } from "agenda/my-order"
import { equal, test } from "harness"

const MINUTE = 60_000
const slot = (key, start, end, more = {}) => ({ key, title: key, order: 0, start: start * MINUTE, end: end * MINUTE, off: false, cancelled: false, ...more })
const keys = (slots) => slots.map(({ key }) => key)

test("one's own slots stand in order, and what is over stands apart", () => {
  const { coming, past, next } = order([slot("c", 60, 90), slot("a", 0, 30), slot("b", 30, 60)], 30 * MINUTE)

  equal([keys(past), keys(coming), next.key], [["a"], ["b", "c"], "b"])
})

test("what overlaps names the other, what only touches does not", () => {
  const { coming } = order([slot("a", 0, 30), slot("b", 30, 60), slot("c", 45, 60)], 0)

  equal(coming.map(({ clashes }) => clashes), [[], ["c"], ["b"]])
})

test("what is cancelled or no longer starred clashes with nothing and is not next", () => {
  const { coming, next } = order([slot("a", 0, 30, { cancelled: true }), slot("b", 0, 30, { off: true }), slot("c", 0, 30)], 0)

  equal([coming.map(({ clashes }) => clashes), next.key], [[[], [], []], "c"])
})

test("how long it takes is said while it is soon", () => {
  const given = slot("a", 100, 130)

  equal(until(given, 0), { words: "later", minutes: 100 })
  equal(until(given, 10.5 * MINUTE), { words: "next", minutes: 90 })
  equal(until(given, 100 * MINUTE), { words: "now", minutes: 30 })
  equal(until(given, 129.9 * MINUTE), { words: "now", minutes: 1 })
})
