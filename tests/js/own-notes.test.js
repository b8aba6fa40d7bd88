import { el, equal, test } from "harness"
import "live/live-list"
import "wall/own-notes"

const NOON = "2026-05-05T12:00:00+00:00"
const note = (version, ...said) => el("article", { class: "note", "data-key": `n${version}`, "data-version": version, "data-since": NOON }, el("p", { class: "note__state" }), el("p", { class: "note__screen", "data-comes": "" }, ...said))
const words = (list) => [...list.querySelectorAll("[data-comes]")].map((line) => (line.hidden ? null : line.textContent))
const item = (version, text) => ({ topic: "coming", key: "coming", version, order: 0, html: `<p data-key="coming">${text}</p>` })

test("waiting notes follow when the wall comes up, and one that was drawn later knows better", () => {
  const coming = el("live-list", { topic: "coming", id: "coming", hidden: "" })
  const list = el("own-notes", { topic: "mine", order: "desc", zone: "UTC" }, note(20, "not now"), note(5, "at 10:30"))
  document.body.append(coming, list)

  coming.apply([item(12, 'at <time data-at="2026-05-05T10:40:00+00:00"></time>')])
  equal(words(list), ["not now", "at 10:40"])

  coming.apply([item(30, "")])
  equal(words(list), [null, null])
})
