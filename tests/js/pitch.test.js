import { equal, ok, test } from "harness"
import { Draft } from "agenda/pitch-draft"
import { afterKey } from "agenda/pitch-pad"
import { leftMs } from "agenda/pitch-clock"
import { swapParts } from "agenda/pitch-parts"

test("what is typed here stays while its own echo arrives late", () => {
  const draft = new Draft("Op")
  draft.type("Open")
  equal(draft.send(), { value: "Open", was: "Op" })
  draft.type("Open Data")

  ok(!draft.hear("Open"))
  draft.done()

  ok(draft.isDirty)
  equal(draft.send(), { value: "Open Data", was: "Open" })
})

test("what a colleague types is shown as long as nothing is typed here", () => {
  const draft = new Draft("Op")

  ok(draft.hear("Open Data"))

  equal([draft.value, draft.isDirty], ["Open Data", false])
})

test("two who type quarrel, and each way out leaves one of both", () => {
  for (const [way, value] of [["insist", "Mine"], ["yield", "Theirs"]]) {
    const draft = new Draft("Before")
    draft.type("Mine")
    draft.send()
    draft.failed({ quarrels: true })
    ok(!draft.hear("Theirs"))
    equal([draft.value, draft.quarrels], ["Mine", true])

    draft[way]()

    equal([draft.value, draft.quarrels], [value, false])
    if (way === "insist") equal(draft.send(), { value: "Mine", was: "Theirs" })
  }
})

test("who typed the same has no quarrel", () => {
  const draft = new Draft("")
  draft.type("34")
  draft.send()
  draft.failed({ quarrels: true })

  draft.hear("34")

  equal([draft.isDirty, draft.quarrels], [false, false])
})

test("the pad writes four digits, takes one back, and leaves the number empty", () => {
  const typed = [..."0340"].reduce(afterKey, "")

  equal(typed, "340")
  equal([afterKey("1234", "5"), afterKey(typed, "back"), afterKey("", "back"), afterKey(typed, "enough")], ["1234", "34", "", ""])
})

test("the clock knows no more than a minute and no less than none", () => {
  equal([leftMs(1000, 0), leftMs(0, 45_000), leftMs(0, 99_000)], [60_000, 15_000, 0])
})

test("a field that is typed in stays, what looks different is exchanged, and the focus keeps its place", () => {
  const sheet = (version, title, queue) => {
    const root = document.createElement("div")
    Object.assign(root.dataset, { key: "pitch", version, phase: "pitch", card: "a" })
    for (const name of ["stage", "lists"]) root.append(Object.assign(document.createElement("div"), { className: name }))
    const words = Object.assign(document.createElement("div"), {})
    Object.assign(words.dataset, { part: "words", card: "a" })
    const field = document.createElement("input")
    field.dataset.field = "title"
    field.setAttribute("value", title)
    words.append(field)
    root.firstElementChild.append(words)
    const part = document.createElement("p")
    part.dataset.part = "queue"
    part.append(Object.assign(document.createElement("button"), { textContent: queue }))
    part.firstElementChild.dataset.act = "next"
    root.lastElementChild.append(part)
    return root
  }
  const current = sheet(1, "Open", "one")
  document.body.append(current)
  const field = current.querySelector("input")
  field.value = "typed here"
  current.querySelector("button").focus()

  swapParts(current, sheet(2, "Open Data", "two"))

  equal([current.querySelector("input") === field, field.value, field.dataset.stored, current.dataset.version], [true, "typed here", "Open Data", "2"])
  equal([current.querySelector("button").textContent, document.activeElement.dataset.act], ["two", "next"])
  current.remove()
})
