import { el, equal, test, until } from "harness"
import "wall/stage-board"

// What the page sends; each answer waits until it is let go.
function sending() {
  const sent = []
  globalThis.fetch = (url, { body }) => new Promise((resolve) => sent.push({ late: new URLSearchParams(String(body)).get("minutes_late"), answer: () => resolve(Response.json({ undo: 0, words: "" })) }))
  return sent
}

function stage() {
  const button = (value, more) => el("button", { form: "act", formaction: "/x/stage/late", name: "minutes_late", value, ...more }, value)
  const board = el("stage-board", {}, button("10", { "data-counts": "" }), button("0"), el("p", { "data-problem": "" }), el("textarea", { "data-limit": "280" }), el("p", { "data-count": "" }))
  board.append(el("div", { "data-undo": "", hidden: "" }, el("span", { "data-undo-words": "" }), el("button", {})))
  document.body.append(el("form", { id: "act", method: "post" }, el("input", { name: "csrfmiddlewaretoken", value: "t" })), board)
  return [...board.querySelectorAll("[form=act]")]
}

test("two taps on what counts are sent one after the other, and none is lost", async () => {
  const sent = sending()
  const [more] = stage()

  more.click()
  more.click()
  await until(() => sent.length === 1)
  equal(sent.length, 1)
  sent[0].answer()
  await until(() => sent.length === 2)
  sent[1].answer()

  equal(sent.map(({ late }) => late), ["10", "10"])
})

test("a second tap on anything else waits for nothing", async () => {
  const sent = sending()
  const [, once] = stage()

  once.click()
  once.click()
  await until(() => sent.length > 0)
  sent[0].answer()
  await until(() => !once.hasAttribute("aria-busy"))

  equal(sent.length, 1)
})
