import { el, equal, ok, test } from "harness"
import "wall/set-meanwhile"

function page(mark) {
  const state = el("article", { "data-state-of": "k", "data-mark": mark })
  const note = el("set-meanwhile", { "data-mark": "one", hidden: "" })
  note.append(el("p", { "data-set": "", hidden: "" }), el("p", { "data-gone": "", hidden: "" }))
  document.body.replaceChildren(state, note)
  return { state, note }
}

const changed = () => document.dispatchEvent(new CustomEvent("live-change"))
const said = (note) => [...note.children].map(({ hidden }) => (hidden ? "" : "x")).join("|")

test("nothing is said while it is set as it was", () => {
  const { note } = page("one")

  changed()

  ok(note.hidden)
})

test("another setting is said, and its end, too", () => {
  const { note, state } = page("one")

  state.dataset.mark = "two"
  changed()
  equal([note.hidden, said(note)], [false, "x|"])

  state.remove()
  changed()
  equal([note.hidden, said(note)], [false, "|x"])
})
