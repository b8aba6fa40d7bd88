import { ToldMoves } from "agenda/told-moves"
import { memoryStorage } from "eventhub/storage"
import { equal, test } from "harness"

const stars = new Set(["7"])
const move = (more = {}) => ({ key: "a", session: "7", sequence: 1, end: 100, ...more })
const keys = (moves) => moves.map(({ key }) => key)

test("a change of a starred session is told once, and the next one again", () => {
  const storage = memoryStorage()
  const told = new ToldMoves(storage, "forum")
  equal(keys(told.fresh([move()], { stars, at: 0 })), ["a"])

  told.tell([move()])

  const later = new ToldMoves(storage, "forum") // another page
  equal(keys(later.fresh([move()], { stars, at: 0 })), [])
  equal(keys(later.fresh([move({ sequence: 2 })], { stars, at: 0 })), ["a"])
})

test("what is not starred, or over, is not told", () => {
  const told = new ToldMoves(memoryStorage(), "forum")

  equal(told.fresh([move({ session: "8" })], { stars, at: 0 }), [])
  equal(told.fresh([move()], { stars, at: 100 }), [])
})

test("what cannot be read was never told, and what cannot be written stops nothing", () => {
  const storage = memoryStorage()
  storage.setItem("eventhub.told.forum", "[broken")
  storage.setItem = () => { throw new Error("full") }
  const told = new ToldMoves(storage, "forum")

  told.tell([move()])

  equal(keys(told.fresh([move()], { stars, at: 0 })), ["a"])
})
