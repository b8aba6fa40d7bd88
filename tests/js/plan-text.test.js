import { equal, test } from "harness"
import { SPELLS, TOLD } from "./plan-told.js"
import { lateOf, peopleOf, spellsOf } from "wall/plan-text"

test("what the server has written is read as it was meant", () => {
  equal(Object.fromEntries(TOLD.stands.map((place) => [place, spellsOf(TOLD, place)])), SPELLS)
})

test("a place without a row stands in the hall, without a plan there is nothing", () => {
  equal(spellsOf(TOLD, "99"), SPELLS.hall)
  equal([spellsOf(undefined, "hall"), spellsOf({}, "hall")], [[], []])
})

test("a slot that is late says by how much it begins and ends later", () => {
  equal([...lateOf({ ...TOLD, late: [[0, 0, 420], [2, 600, 600.5]] })], [["aaaa1", [0, 420_000]], ["lunch", [600_000, 600_500]]])
  equal([...lateOf(undefined)], [])
})

test("people are named once and found by the number of their session", () => {
  const people = peopleOf({ people: [[7, 0, 1], [9, 1]], names: "Karin\tAmt\nJo\t" })

  equal([people.get("7"), people.get("9"), people.get("8")], [[["Karin", "Amt"], ["Jo", ""]], [["Jo", ""]], undefined])
  equal(peopleOf({}).size, 0)
})
